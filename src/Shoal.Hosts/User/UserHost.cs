using System.Buffers;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Common;
using Shoal.Hosts.Members;
using Shoal.Net;
using Shoal.Net.Transport;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>Opens a file for somebody; null: nobody may have it, or it is not there.</summary>
internal delegate ValueTask<OfferedFile?> FileOpener(PublicationName file, CancellationToken cancellationToken);

/// <summary>A user's machine as others see it: serves the files that were published, and no others.</summary>
internal sealed class UserHost : IAsyncDisposable
{
    private const int MostAtOnce = 256 * 1024;

    private readonly UserOptions _options;
    private readonly FileOpener _open;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PlainDoor _door;
    private readonly UserMetrics _metrics;
    private readonly TaskScope _tasks;
    private readonly CallLimits _limits;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    private UserHost(
        UserOptions options, FileOpener open, ITransportListener listener, UserMetrics metrics, TimeProvider time,
        ILogger log)
    {
        _options = options;
        _open = open;
        _metrics = metrics;
        _time = time;
        _log = log;
        _limits = new CallLimits(
            options.RequestLimit, options.RequestLimit, options.FileSilenceLimit, options.DrainLimit);
        _tasks = new TaskScope(e => log.FileServingFailed(e.ToString()));
        Swarms = new SwarmDoors(listener, options, time, log);
        _door = new PlainDoor(Swarms.Plain, new PlainDoorOptions
        {
            MostConnections = options.MostConnections,
            Time = time,
            Refused = (address, reason) => log.FileCallerRefused(address.ToString(), reason),
        });
        _accepting = _tasks.ServeAllAsync(_door, ServeAsync, _stopping.Token);
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address => _door.Local;

    /// <summary>Where those come in who begin with a hello, at the same port.</summary>
    public SwarmDoors Swarms { get; }

    /// <summary>Opens the door.</summary>
    /// <exception cref="IOException">It cannot be listened there.</exception>
    public static async Task<UserHost> OpenAsync(
        UserOptions options, ITransport transport, FileOpener open, UserMetrics metrics, TimeProvider time,
        ILogger log, CancellationToken cancellationToken)
    {
        ITransportListener listener = await transport.ListenAsync(options.Listen, cancellationToken);
        return new UserHost(options, open, listener, metrics, time, log);
    }

    public async ValueTask DisposeAsync()
    {
        await Swarms.DisposeAsync();
        await _door.DisposeAsync();
        await _stopping.CancelAsync();
        await _accepting;
        await _tasks.WhenAllEndedAsync();
        _stopping.Dispose();
    }

    private async Task ServeAsync(TransportConnection transport)
    {
        using var connection = new CallConnection(transport, _limits, _time, _stopping.Token);
        (CallStatus status, FetchCall? call) = await connection.ReadAsync<FetchCall>(FetchCall.TryDecode);
        if (call is null)
        {
            if (status == CallStatus.Invalid || !connection.Received.IsEmpty)
            {
                _log.FileCallerRefused(connection.Remote.ToString(), "it did not ask for a file");
            }

            return;
        }

        using OfferedFile? file = call.File is { } name ? await _open(name, _stopping.Token) : null;
        bool isServed = file is null
            ? await AnswerAsync(connection, new FetchReply(FetchResult.NoSuchFile, null))
            : await AnswerAsync(connection, new FetchReply(FetchResult.Found, file.Length))
                && await SendAsync(connection, file);
        if (isServed)
        {
            await connection.FinishAsync();
        }

        string result = file is null ? "no_such_file" : isServed ? "success" : "fail";
        _metrics.Served(result, isServed ? file?.Length ?? 0 : 0);
        _log.FileServed(
            isServed && file is not null ? "success" : "fail", connection.Remote.ToString(), call.File?.Value ?? "",
            file?.Length ?? 0);
    }

    private async ValueTask<bool> AnswerAsync(CallConnection connection, FetchReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        FetchReplyCodec.Encode(output, _options.Style, reply);
        return await connection.WriteAsync(output.WrittenMemory);
    }

    private async Task<bool> SendAsync(CallConnection connection, OfferedFile file)
    {
        int most = _options.Pace?.Portion ?? MostAtOnce;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(file.Length, 1, most));
        using var silence = new Deadline(_options.FileSilenceLimit, _time, _stopping.Token);
        try
        {
            long offset = 0;
            while (offset < file.Length)
            {
                int read = file.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, file.Length - offset)));
                if (read == 0)
                {
                    return false;
                }

                silence.Restart(Timeout.InfiniteTimeSpan);
                await WaitForTurnAsync(read, silence.Token);
                silence.Restart(_options.FileSilenceLimit);
                await connection.Stream.WriteAsync(buffer.AsMemory(0, read), silence.Token);
                offset += read;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ValueTask WaitForTurnAsync(int bytes, CancellationToken cancellationToken) =>
        _options.Pace?.TakeAsync(bytes, cancellationToken) ?? ValueTask.CompletedTask;
}
