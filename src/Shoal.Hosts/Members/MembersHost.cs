using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Audit;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;
using Shoal.Storage.Members;

namespace Shoal.Hosts.Members;

/// <summary>The hub's directory on sockets: one connection a request, each on a task of its own.</summary>
public sealed class MembersHost : IAsyncDisposable
{
    private readonly MembersOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PlainDoor _door;
    private readonly DirectoryLoop _loop;
    private readonly PresenceProbe _probe;
    private readonly MembersMetrics _metrics;
    private readonly TaskScope _tasks;
    private readonly CallLimits _limits;
    private readonly ReplyBytes _replies;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looping;
    private long _lastCall;
    private int _isStopped;

    private MembersHost(
        MembersOptions options, ITransport transport, ITransportListener listener, UserDirectory directory,
        IMembersStore store, AuditTrail? trail, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _limits = new CallLimits(
            options.SilenceLimit, options.RequestLimit, options.ReplyLimit, options.DrainLimit);
        _replies = new ReplyBytes(options.Style);
        _tasks = new TaskScope(e => log.DirectoryFailed(e.ToString()));
        _door = new PlainDoor(listener, new PlainDoorOptions
        {
            MostConnections = options.MostConnections,
            Time = time,
            Refused = (address, reason) => log.CallerRefused(address.ToString(), reason),
        });
        _metrics = new MembersMetrics(options.Meters, () => _door.OpenConnections);
        _probe = new PresenceProbe(transport, options.ProbeLimit, options.MostProbes, time);
        _loop = new DirectoryLoop(directory, store, trail, Probe, options.Changed, _metrics, time, log);
        _looping = _loop.RunAsync();
    }

    /// <summary>Where it listens, with the port that was chosen.</summary>
    public EndpointText Address => _door.Local;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _door.OpenConnections;

    /// <summary>Opens a directory's door over TCP.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="records">Where users and publications last. They stay the caller's.</param>
    /// <param name="trail">The log of its operations, the caller's too; null: there is none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Its log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot be listened there, or what was stored cannot be read.</exception>
    public static Task<MembersHost> OpenAsync(
        MembersOptions options, MembersRecords records, AuditTrail? trail, TimeProvider time, ILogger log,
        CancellationToken cancellationToken) => OpenAsync(
            options, new TcpTransport(new TcpOptions { Time = time, Backlog = options.MostConnections }),
            records.Store, trail, time, log, cancellationToken);

    /// <summary>Opens a directory's door.</summary>
    /// <exception cref="IOException">It cannot be listened there, or what was stored cannot be read.</exception>
    public static async Task<MembersHost> OpenAsync(
        MembersOptions options, ITransport transport, IMembersStore store, AuditTrail? trail, TimeProvider time,
        ILogger log, CancellationToken cancellationToken)
    {
        var directory = new UserDirectory(options.Directory, await store.LoadAsync(cancellationToken));
        ITransportListener listener = await transport.ListenAsync(options.Listen, cancellationToken);
        var host = new MembersHost(options, transport, listener, directory, store, trail, time, log);
        log.DirectoryListening(host.Address.ToString(), DirectoryWords.Of(options.Style), directory.UserCount);
        options.Print?.Invoke(RequestLine.OfStart(host.Address));
        return host;
    }

    /// <summary>Serves until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _tasks.ServeAllAsync(_door, ServeAsync, cancellationToken);
        await StopAsync();
    }

    /// <summary>Where a user's machine listens; null: the user is not connected.</summary>
    public async ValueTask<EndpointText?> WhereIsAsync(string user)
    {
        ConnectedUser? found = UserName.TryCreate(user, out UserName name)
            && await AskSelfAsync(new DirectoryRequest.ListUsers(name)) is DirectoryReply.Users users
                ? users.List.FirstOrDefault(one => one.User == name)
                : null;
        return found is null ? null : new EndpointText(found.Address, found.Port);
    }

    /// <summary>Takes a fact about a guest.</summary>
    public async ValueTask TellAsync(UserDirectoryEvent @event) =>
        await _loop.TellAsync(@event, CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _probe.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
    }

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        // Requests that are not whole yet end here; those that are get their answers.
        _log.DirectoryStopping("in_progress");
        await _door.DisposeAsync();
        await _stopping.CancelAsync();
        await _tasks.WhenAllEndedAsync();
        _loop.Complete();
        await _looping;
        _log.DirectoryStopping("success");
    }

    private async Task ServeAsync(TransportConnection transport)
    {
        using var connection = new CallConnection(transport, _limits, _time, _stopping.Token);
        (CallStatus status, DirectoryCall? call) = await connection.ReadAsync<DirectoryCall>(RequestCodec.TryDecode);
        if (status == CallStatus.Unfinished && RequestCodec.OperationOf(connection.Received) is { } half)
        {
            call = new DirectoryCall(half, null, null, "the request is not whole");
        }

        if (call is null)
        {
            Tell(connection, status);
            return;
        }

        DirectoryReply reply = await AnswerAsync(connection, call);
        _metrics.Answered(call.Operation, reply.Result);
        if (await connection.WriteAsync(_replies.Of(call.Operation, reply)))
        {
            await connection.FinishAsync();
        }
    }

    private async ValueTask<DirectoryReply> AnswerAsync(CallConnection connection, DirectoryCall call)
    {
        string address = connection.Remote.ToString();
        if (call.Request is null)
        {
            _log.RequestRefused(address, DirectoryWords.Of(call.Operation), call.Fault!);
            return new DirectoryReply.Plain(DirectoryResult.Refused);
        }

        if (_options.Exchange is { } exchange && ExchangeSign.IsAsked(call.Request))
        {
            return ExchangeSign.Answer(
                await AskSelfAsync(new DirectoryRequest.ListContent(call.Request.User, call.Request.User)), exchange);
        }

        if (ExchangeSign.IsTaken(call.Request))
        {
            return new DirectoryReply.Plain(DirectoryResult.NameInUse);
        }

        _options.Print?.Invoke(RequestLine.Of(_options.LineForm, call.Request));
        DirectoryReply reply = await AskAsync(new PendingCall(NextCall(), connection.Remote.Host, call));
        _log.Answered(
            address, DirectoryWords.Of(call.Operation), call.Request.User.Value, StateWord.Of(reply.Result));
        return reply;
    }

    private async ValueTask<DirectoryReply> AskAsync(PendingCall pending) =>
        await _loop.AskAsync(pending, CancellationToken.None)
            ? await pending.Reply
            : new DirectoryReply.Plain(DirectoryResult.Refused);

    private ValueTask<DirectoryReply> AskSelfAsync(DirectoryRequest request) => AskAsync(
        new PendingCall(NextCall(), "", new DirectoryCall(request.Operation, null, request, null)) { IsOwn = true });

    private CallId NextCall() => new(Interlocked.Increment(ref _lastCall));

    private void Tell(CallConnection connection, CallStatus status)
    {
        bool isWord = status == CallStatus.Invalid;
        if (isWord || !connection.Received.IsEmpty)
        {
            _log.CallerRefused(
                connection.Remote.ToString(),
                isWord ? "its first word is no operation" : "it said nothing of use");
        }
    }

    private void Probe(ConnectedUser user) => _tasks.Run(async () =>
    {
        ProbeResult result = await _probe.ProbeAsync(user, _stopping.Token);
        await _loop.TellAsync(new UserDirectoryEvent.Probed(user.Presence, result), _stopping.Token);
    });
}
