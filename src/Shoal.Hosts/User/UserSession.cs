using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;

namespace Shoal.Hosts.User;

/// <summary>
/// What a person does with a directory: at most one user is connected, and while one is, its published files are
/// served. Operations come one after the other. Texts that no directory takes are refused without asking it.
/// </summary>
public sealed class UserSession : IAsyncDisposable
{
    private readonly UserOptions _options;
    private readonly ITransport _transport;
    private readonly DirectoryClient _client;
    private readonly UserMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private UserPresence? _own;

    /// <summary>A session over TCP.</summary>
    public UserSession(UserOptions options, IRequestClock clock, IMeterFactory? meters, TimeProvider time, ILogger log)
        : this(
            options, new TcpTransport(new TcpOptions { Time = time, UnsentBytes = SentAhead }), clock, meters, time,
            log)
    {
    }

    /// <summary>A session.</summary>
    public UserSession(
        UserOptions options, ITransport transport, IRequestClock clock, IMeterFactory? meters, TimeProvider time,
        ILogger log)
    {
        _options = options;
        _transport = transport;
        _client = new DirectoryClient(transport, options.Hub, options.ReplyLimit, clock, time);
        _metrics = new UserMetrics(meters);
        _time = time;
        _log = log;
    }

    // Nothing small waits behind a file here, so the system may take as much of it as it likes.
    private const int SentAhead = 4 * 1024 * 1024;

    /// <summary>Who is connected, if anybody is.</summary>
    public UserName? Connected => _own?.User;

    /// <summary>Where others fetch from while somebody is connected.</summary>
    public EndpointText? Address => _own?.Host?.Address;

    /// <summary>Who was connected at the last look, in the order of the directory.</summary>
    public ImmutableArray<UserRow> KnownUsers { get; private set; } = [];

    /// <summary>Makes somebody a user.</summary>
    public Task<DirectoryAnswer> RegisterAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => AskAsync(new DirectoryRequest.Register(name), cancellationToken));

    /// <summary>Makes somebody a user no longer.</summary>
    public Task<DirectoryAnswer> UnregisterAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => AskAsync(new DirectoryRequest.Unregister(name), cancellationToken));

    /// <summary>Connects a user, and serves what it published. Another one is disconnected before.</summary>
    public Task<DirectoryAnswer> ConnectAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => ConnectAsync(name, cancellationToken));

    /// <summary>
    /// Connects a user; or, where another program of the same user is connected, acts beside it: serves nothing, and
    /// leaves it connected at the end.
    /// </summary>
    public async Task<DirectoryAnswer> AccompanyAsync(string user, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await ConnectAsync(user, cancellationToken);
        if (answer.Result != DirectoryResult.AlreadyConnected || !UserName.TryCreate(user, out UserName name))
        {
            return answer;
        }

        _own ??= UserPresence.Beside(_options, _transport, _client, name, _metrics, _time, _log);
        return answer with { Result = DirectoryResult.Done };
    }

    /// <summary>
    /// Says again that the connected user is connected: a directory that was started again has forgotten it.
    /// </summary>
    public async Task StayAsync(CancellationToken cancellationToken)
    {
        if (_own is { Host: { } host } own)
        {
            var request = new DirectoryRequest.Connect(own.User, host.Address.Port);
            DirectoryAnswer answer = await _client.AskAsync(request, cancellationToken);
            if (answer.Result != DirectoryResult.AlreadyConnected)
            {
                Tell(request, answer);
            }
        }
    }

    /// <summary>Publishes a file of the folder.</summary>
    public async Task<DirectoryAnswer> PublishAsync(
        string file, string description, CancellationToken cancellationToken)
    {
        if (_own is not { } own)
        {
            return NotConnected;
        }

        if (!PublicationName.TryCreate(file, out PublicationName name))
        {
            return BadFile;
        }

        if (!Description.TryCreate(description, out Description text))
        {
            return DirectoryAnswer.Refused(
                $"a description has at most {Description.MostBytes} bytes and no control characters");
        }

        // Known before the directory says so to others, who may ask at once.
        bool isNew = own.Files?.Add(name) ?? false;
        DirectoryAnswer answer =
            await AskOwnAsync(new DirectoryRequest.Publish(own.User, name, text), cancellationToken);
        if (answer.Result is DirectoryResult.Done or DirectoryResult.AlreadyPublished)
        {
            // Again: a listing that was made meanwhile did not have it yet.
            own.Files?.Add(name);
            own.Changed(name);
        }
        else if (isNew)
        {
            own.Files?.Remove(name);
        }

        return answer;
    }

    /// <summary>Offers a file no longer.</summary>
    public async Task<DirectoryAnswer> WithdrawAsync(string file, CancellationToken cancellationToken)
    {
        if (_own is not { } own)
        {
            return NotConnected;
        }

        if (!PublicationName.TryCreate(file, out PublicationName name))
        {
            return BadFile;
        }

        DirectoryAnswer answer = await AskOwnAsync(new DirectoryRequest.Withdraw(own.User, name), cancellationToken);
        if (answer.Result is DirectoryResult.Done or DirectoryResult.NotPublished)
        {
            own.Files?.Remove(name);
            own.Changed(name);
        }

        return answer;
    }

    /// <summary>Lists who is connected.</summary>
    public async Task<DirectoryAnswer> ListUsersAsync(CancellationToken cancellationToken)
    {
        if (_own is not { } own)
        {
            return NotConnected;
        }

        DirectoryAnswer answer = await AskOwnAsync(new DirectoryRequest.ListUsers(own.User), cancellationToken);
        if (answer.Result == DirectoryResult.Done)
        {
            KnownUsers = answer.Users;
        }

        return answer;
    }

    /// <summary>Lists what a user offers.</summary>
    public async Task<DirectoryAnswer> ListContentAsync(string user, CancellationToken cancellationToken) =>
        _own is not { } own
            ? NotConnected
            : await ForUserAsync(
                user, name => AskOwnAsync(new DirectoryRequest.ListContent(own.User, name), cancellationToken));

    /// <summary>Disconnects the connected user. A directory that is down forgets it anyway.</summary>
    public async Task<DirectoryAnswer> DisconnectAsync(string user, CancellationToken cancellationToken)
    {
        if (_own is not { } own || own.User.Value != user)
        {
            return NotConnected;
        }

        DirectoryAnswer answer = await AskAsync(new DirectoryRequest.Disconnect(own.User), cancellationToken);
        if (answer.IsUnanswered || answer.Result is DirectoryResult.Done or DirectoryResult.NotConnected)
        {
            await LeaveAsync();
        }

        return answer.IsUnanswered ? answer with { Result = DirectoryResult.Done } : answer;
    }

    /// <summary>
    /// Fetches what a user offers who was seen connected: in verified chunks from all who have the same, where that
    /// user's program and the hub do that, else in the plain way, for which the directory need not be up.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="file">Which.</param>
    /// <param name="target">Where it is to appear.</param>
    /// <param name="progress">Told how far it is, while it comes in chunks.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<FetchAnswer> FetchAsync(
        string user, string file, string target, Action<PeerProgress> progress, CancellationToken cancellationToken)
    {
        if (_own is not { } own)
        {
            return FetchFailed("nobody is connected here: CONNECT first");
        }

        UserRow row = KnownUsers.FirstOrDefault(known => known.User == user);
        if (row.User is null)
        {
            return FetchFailed($"'{user}' was not connected at the last LIST_USERS");
        }

        if (!PublicationName.TryCreate(file, out PublicationName name))
        {
            return FetchFailed(BadFile.Reason!);
        }

        if (!int.TryParse(row.Port, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is 0 or > ushort.MaxValue)
        {
            return FetchFailed($"'{user}' listens at no port that there is: {row.Port}");
        }

        FetchAnswer answer =
            await own.FetchAsync(new FetchWish(user, name, target, progress), cancellationToken)
            ?? await new FileFetch(_transport, _options.FileSilenceLimit, _time, _log)
                .FetchAsync(new EndpointText(row.Address, port), name, target, cancellationToken);
        _metrics.Fetched(answer.Bytes);
        return answer;
    }

    /// <summary>Disconnects whoever is connected and serves nothing more, within the limit for leaving.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_own is { Host: not null } own)
        {
            using var limit = new CancellationTokenSource(_options.LeaveLimit, _time);
            try
            {
                await AskAsync(new DirectoryRequest.Disconnect(own.User), limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The directory finds out by itself.
            }
        }

        await LeaveAsync();
        _metrics.Dispose();
    }

    private static DirectoryAnswer NotConnected => new(DirectoryResult.NotConnected);

    private static DirectoryAnswer BadFile => DirectoryAnswer.Refused(
        $"a file's name has 1 to {PublicationName.MostBytes} bytes without blanks and control characters");

    private static FetchAnswer FetchFailed(string reason) => new(FetchResult.Refused, 0, reason);

    private static async Task<DirectoryAnswer> ForUserAsync(
        string user, Func<UserName, Task<DirectoryAnswer>> ask) => UserName.TryCreate(user, out UserName name)
            ? await ask(name)
            : DirectoryAnswer.Refused(
                $"a user's name has 1 to {UserName.MostBytes} bytes without blanks and control characters");

    private async Task<DirectoryAnswer> ConnectAsync(UserName user, CancellationToken cancellationToken)
    {
        if (_own is { } other && other.User != user)
        {
            await DisconnectAsync(other.User.Value, cancellationToken);
            await LeaveAsync();
        }

        if (_own is { Host: { } host })
        {
            // The directory may have forgotten; whatever it says, the files stay where they are.
            return await AskAsync(new DirectoryRequest.Connect(user, host.Address.Port), cancellationToken);
        }

        UserPresence begun;
        try
        {
            begun = await UserPresence.OpenAsync(
                _options, _transport, _client, user, _metrics, _time, _log, cancellationToken);
        }
        catch (IOException e)
        {
            return DirectoryAnswer.Refused(e.Message);
        }

        bool isConnected = false;
        try
        {
            DirectoryAnswer answer = await AskAsync(
                new DirectoryRequest.Connect(user, begun.Host!.Address.Port), cancellationToken);
            isConnected = answer.Result == DirectoryResult.Done;
            return answer;
        }
        finally
        {
            if (isConnected)
            {
                _own = begun;
                begun.Begin();
            }
            else
            {
                await begun.DisposeAsync();
            }
        }
    }

    // Both sides are to agree on who is connected.
    private async Task<DirectoryAnswer> AskOwnAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await AskAsync(request, cancellationToken);
        if (answer.Result == DirectoryResult.NotConnected)
        {
            await LeaveAsync();
        }

        return answer;
    }

    private async Task<DirectoryAnswer> AskAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        DirectoryAnswer answer = await _client.AskAsync(request, cancellationToken);
        Tell(request, answer);
        return answer;
    }

    private void Tell(DirectoryRequest request, DirectoryAnswer answer) => _log.OperationEnded(
        answer.Result == DirectoryResult.Done ? "success" : "fail", DirectoryWords.Of(request.Operation),
        request.User.Value, answer.Result.ToString(), answer.Reason ?? "");

    private async ValueTask LeaveAsync()
    {
        if (_own is { } own)
        {
            _own = null;
            KnownUsers = [];
            await own.DisposeAsync();
        }
    }
}
