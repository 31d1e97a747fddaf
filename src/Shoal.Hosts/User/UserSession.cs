using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;

namespace Shoal.Hosts.User;

/// <summary>
/// What a person may do with a directory: at most one user is connected, texts that no directory takes are refused
/// without asking it, and operations come one after the other. <see cref="UserStanding"/> carries them out.
/// </summary>
public sealed class UserSession : IAsyncDisposable
{
    // Nothing small waits behind a file here, so the system may take as much of it as it likes.
    private const int SentAhead = 4 * 1024 * 1024;

    private readonly UserStanding _standing;

    /// <summary>A session over TCP.</summary>
    public UserSession(UserOptions options, IRequestClock clock, TimeProvider time, ILogger log)
        : this(
            options, new TcpTransport(new TcpOptions { Time = time, UnsentBytes = SentAhead }), clock, time, log)
    {
    }

    /// <summary>A session.</summary>
    public UserSession(
        UserOptions options, ITransport transport, IRequestClock clock, TimeProvider time, ILogger log) =>
        _standing = new UserStanding(options, transport, clock, time, log);

    /// <summary>Who is connected, if anybody is.</summary>
    public UserName? Connected => _standing.Own?.User;

    /// <summary>Where others fetch from while somebody is connected.</summary>
    public EndpointText? Address => _standing.Own?.Host?.Address;

    /// <summary>Who was connected at the last look, in the order of the directory.</summary>
    public ImmutableArray<UserRow> KnownUsers => _standing.KnownUsers;

    /// <summary>Makes somebody a user.</summary>
    public Task<DirectoryAnswer> RegisterAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => _standing.AskAsync(new DirectoryRequest.Register(name), cancellationToken));

    /// <summary>Makes somebody a user no longer.</summary>
    public Task<DirectoryAnswer> UnregisterAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => _standing.AskAsync(new DirectoryRequest.Unregister(name), cancellationToken));

    /// <summary>Connects a user, and serves what it published. Another one is disconnected before.</summary>
    public Task<DirectoryAnswer> ConnectAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => _standing.ConnectAsync(name, cancellationToken));

    /// <summary>
    /// Connects a user; or, where another program of the same user is connected, acts beside it: serves nothing, and
    /// leaves it connected at the end.
    /// </summary>
    public Task<DirectoryAnswer> AccompanyAsync(string user, CancellationToken cancellationToken) =>
        ForUserAsync(user, name => _standing.AccompanyAsync(name, cancellationToken));

    /// <summary>
    /// Says again that the connected user is connected: a directory that was started again has forgotten it.
    /// </summary>
    public Task StayAsync(CancellationToken cancellationToken) => _standing.StayAsync(cancellationToken);

    /// <summary>Publishes a file of the folder.</summary>
    public async Task<DirectoryAnswer> PublishAsync(
        string file, string description, CancellationToken cancellationToken)
    {
        if (_standing.Own is not { } own)
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
            await _standing.AskOwnAsync(new DirectoryRequest.Publish(own.User, name, text), cancellationToken);
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
        if (_standing.Own is not { } own)
        {
            return NotConnected;
        }

        if (!PublicationName.TryCreate(file, out PublicationName name))
        {
            return BadFile;
        }

        DirectoryAnswer answer =
            await _standing.AskOwnAsync(new DirectoryRequest.Withdraw(own.User, name), cancellationToken);
        if (answer.Result is DirectoryResult.Done or DirectoryResult.NotPublished)
        {
            own.Files?.Remove(name);
            own.Changed(name);
        }

        return answer;
    }

    /// <summary>Lists who is connected.</summary>
    public async Task<DirectoryAnswer> ListUsersAsync(CancellationToken cancellationToken) =>
        _standing.Own is { } own ? await _standing.ListUsersAsync(own, cancellationToken) : NotConnected;

    /// <summary>Lists what a user offers.</summary>
    public async Task<DirectoryAnswer> ListContentAsync(string user, CancellationToken cancellationToken) =>
        _standing.Own is not { } own
            ? NotConnected
            : await ForUserAsync(user, name => _standing.AskOwnAsync(
                new DirectoryRequest.ListContent(own.User, name), cancellationToken));

    /// <summary>Disconnects the connected user. A directory that is down forgets it anyway.</summary>
    public async Task<DirectoryAnswer> DisconnectAsync(string user, CancellationToken cancellationToken)
    {
        if (_standing.Own is not { } own || own.User.Value != user)
        {
            return NotConnected;
        }

        DirectoryAnswer answer = await _standing.DisconnectAsync(own, cancellationToken);
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
        if (_standing.Own is not { } own)
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

        return await _standing.FetchAsync(
            own, new OfferWish(user, name, target, progress), new EndpointText(row.Address, port), cancellationToken);
    }

    /// <summary>Disconnects whoever is connected and serves nothing more, within the limit for leaving.</summary>
    public ValueTask DisposeAsync() => _standing.DisposeAsync();

    private static DirectoryAnswer NotConnected => new(DirectoryResult.NotConnected);

    private static DirectoryAnswer BadFile => DirectoryAnswer.Refused(
        $"a file's name has 1 to {PublicationName.MostBytes} bytes without blanks and control characters");

    private static FetchAnswer FetchFailed(string reason) => new(FetchResult.Refused, 0, reason);

    private static async Task<DirectoryAnswer> ForUserAsync(
        string user, Func<UserName, Task<DirectoryAnswer>> ask) => UserName.TryCreate(user, out UserName name)
            ? await ask(name)
            : DirectoryAnswer.Refused(
                $"a user's name has 1 to {UserName.MostBytes} bytes without blanks and control characters");
}
