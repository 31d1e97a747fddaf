using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Conform;

/// <summary>
/// Runs the cases of the protocol against a directory, one after the other, because some directories serve so. Every
/// case has users of its own, and takes them away again.
/// </summary>
public sealed class ConformCheck
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConformOptions _options;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly ConformAsker _asker;

    // Names that hardly anybody has, and no second run.
    private readonly string _prefix = $"cf{RandomNumberGenerator.GetHexString(8, lowercase: true)}-";

    /// <summary>A check over TCP.</summary>
    public ConformCheck(ConformOptions options, TimeProvider time)
        : this(options, new TcpTransport(new TcpOptions { Time = time }), time)
    {
    }

    /// <summary>A check over any transport.</summary>
    public ConformCheck(ConformOptions options, ITransport transport, TimeProvider time)
    {
        _options = options;
        _transport = transport;
        _time = time;
        _asker = new ConformAsker(transport, options, time);
    }

    /// <summary>Runs all cases.</summary>
    public async Task<ConformReport> RunAsync(CancellationToken cancellationToken)
    {
        (EndpointText? address, string? failure) = await _asker.FindAsync(cancellationToken);
        if (address is null)
        {
            return new ConformReport(null, [], failure);
        }

        await using ITransportListener machine = await _transport.ListenAsync(
            address.Value with { Port = 0 }, cancellationToken);
        Task accepting = AcceptAsync(machine);
        ConformReport report = await RunAsync(machine.Local.Port, cancellationToken);
        await machine.DisposeAsync();
        await accepting;
        return report;
    }

    private async Task<ConformReport> RunAsync(int port, CancellationToken cancellationToken)
    {
        ConformNames first = NamesOf(0, port);
        RawReply reply = await _asker.AskAsync(
            first.Bytes("REGISTER\\0{D}{a}\\0"), SendManner.Whole, cancellationToken);
        if (reply.Failure is not null || ConformJudge.StyleOf(reply.Bytes) is not { } style)
        {
            return new ConformReport(null, [], reply.Failure
                ?? $"it answers {ConformJudge.Shown(reply.Bytes)} to the registration of a new user, which is code 0 "
                + "in no style");
        }

        await _asker.AskAsync(first.Bytes("UNREGISTER\\0{D}{a}\\0"), SendManner.Whole, cancellationToken);
        var results = new List<ConformResult>();
        IReadOnlyList<ConformCase> table = ConformTable.Load();
        ConformCase[] cases = [.. table.Where(one => _options.Restart is not null || !one.NeedsRestart)];
        foreach (ConformCase one in cases)
        {
            _options.Begun?.Invoke(new ConformProgress(results.Count, cases.Length, one.Name));
            ConformNames names = NamesOf(results.Count + 1, port);
            var result = new ConformResult(one.Name, await TryAsync(one, names, style, cancellationToken));
            results.Add(result);
            _options.Done?.Invoke(result);
        }

        return new ConformReport(style, results, null) { LeftOut = table.Count - results.Count };
    }

    private async Task<string?> TryAsync(
        ConformCase one, ConformNames names, DirectoryStyle style, CancellationToken cancellationToken)
    {
        var users = new HashSet<string>();
        try
        {
            foreach (string step in one.Steps)
            {
                if (step == ConformCase.Restart)
                {
                    if (await RestartAsync(cancellationToken) is { } failure)
                    {
                        return $"it could not be started again: {failure}";
                    }

                    continue;
                }

                users.Add(names.User(step.Trim('+', '-', '~')[..1]));
                RawReply reply = await _asker.AskAsync(
                    names.Bytes(RequestOf(step)), SendManner.Whole, cancellationToken);
                if (reply.Failure is not null || !reply.Bytes.AsSpan().SequenceEqual(ConformJudge.BytesOf(style, 0)))
                {
                    return $"the step {step} before it failed: {reply.Failure ?? ConformJudge.Shown(reply.Bytes)}";
                }
            }

            byte[] request = names.Bytes(one.Request);
            if (UserOf(request) is { } user)
            {
                users.Add(user);
            }

            return ConformJudge.Departure(
                one.Expected, await _asker.AskAsync(request, one.Manner, cancellationToken), style, names);
        }
        finally
        {
            foreach (string user in users)
            {
                await LeaveAsync(user, cancellationToken);
            }
        }
    }

    private async Task<string?> RestartAsync(CancellationToken cancellationToken)
    {
        string? failure = await _options.Restart!(cancellationToken);
        long begun = _time.GetTimestamp();
        while (failure is null)
        {
            (EndpointText? address, string? reason) = await _asker.FindAsync(cancellationToken);
            if (address is not null)
            {
                return null;
            }

            failure = _time.GetElapsedTime(begun) > _options.RestartLimit ? reason : null;
            await Task.Delay(s_lookInterval, _time, cancellationToken);
        }

        return failure;
    }

    // Whatever they answer: some of the users are not connected, or not there at all.
    private async Task LeaveAsync(string user, CancellationToken cancellationToken)
    {
        string stamp = RequestStamp.Of(_time.GetLocalNow());
        foreach (string word in (string[])["DISCONNECT", "UNREGISTER"])
        {
            await _asker.AskAsync(
                System.Text.Encoding.UTF8.GetBytes($"{word}\0{stamp}\0{user}\0"), SendManner.Whole,
                cancellationToken);
        }
    }

    private ConformNames NamesOf(int number, int port) => new(
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number}-"), RequestStamp.Of(_time.GetLocalNow()), port);

    private static string RequestOf(string step)
    {
        string user = $"{{{step.Trim('+', '-', '~')[0]}}}";
        string rest = step.TrimStart('+', '-', '~')[1..];
        int equals = rest.IndexOf('=', StringComparison.Ordinal);
        return (step[0], rest) switch
        {
            ('+', _) => $"REGISTER\\0{{D}}{user}\\0",
            ('-', _) => $"DISCONNECT\\0{{D}}{user}\\0",
            ('~', _) => $"UNREGISTER\\0{{D}}{user}\\0",
            (_, "^") => $"CONNECT\\0{{D}}{user}\\0{{port}}\\0",
            (_, ['!', .. var file]) => $"DELETE\\0{{D}}{user}\\0{file}\\0",
            (_, ['/', ..]) when equals < 0 => $"PUBLISH\\0{{D}}{user}\\0{rest[1..]}\\0about\\0",
            (_, ['/', ..]) => $"PUBLISH\\0{{D}}{user}\\0{rest[1..equals]}\\0{rest[(equals + 1)..]}\\0",
            _ => throw new FormatException($"nobody knows the step {step}"),
        };
    }

    private static string? UserOf(byte[] request)
    {
        var input = new ReadOnlySequence<byte>(request);
        return RequestCodec.TryDecode(ref input, out DirectoryCall? call) == DecodeStatus.Done
            ? call!.Request?.User.Value
            : null;
    }

    // Directories look whether a user's machine still answers.
    private static async Task AcceptAsync(ITransportListener machine)
    {
        while (true)
        {
            try
            {
                if (await machine.AcceptAsync(CancellationToken.None) is not { } connection)
                {
                    return;
                }

                connection.Dispose();
            }
            catch (IOException)
            {
                // One that failed; the next may do.
            }
        }
    }
}
