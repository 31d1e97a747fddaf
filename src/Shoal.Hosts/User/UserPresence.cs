using Microsoft.Extensions.Logging;
using Shoal.Core.Members;
using Shoal.Hosts.Common;
using Shoal.Net;
using Shoal.Net.Transport;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>
/// A user who is connected: its door, the files behind it, and its part in the exchange. Where another program of the
/// user has the door, there is none here.
/// </summary>
internal sealed class UserPresence : IAsyncDisposable
{
    private readonly UserOptions _options;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ExchangeFinder _finder;
    private readonly OfferSources? _sources;
    private readonly OfferTeller? _teller;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskScope _tasks;

    private UserPresence(
        UserOptions options, ITransport transport, DirectoryAsker asker, UserName user, UserHost? host,
        PublishedFiles? files, UserMetrics metrics, TimeProvider time, ILogger log)
    {
        User = user;
        Host = host;
        Files = files;
        _options = options;
        _transport = transport;
        _time = time;
        _log = log;
        _finder = new ExchangeFinder(asker, user, options.LookLimit, time);
        _tasks = new TaskScope(e => log.FileServingFailed(e.ToString()));
        if (host is not null)
        {
            _sources = new OfferSources(options, user.Value, host.Swarms, metrics, transport, time, log);
            _teller = new OfferTeller(
                options, user, host.Address, _finder, files!, _sources, transport, time, log);
        }
    }

    /// <summary>Who.</summary>
    public UserName User { get; }

    /// <summary>The door.</summary>
    public UserHost? Host { get; }

    /// <summary>What others may have.</summary>
    public PublishedFiles? Files { get; }

    /// <summary>Opens a door for a user who is to be connected.</summary>
    /// <exception cref="IOException">It cannot be listened there.</exception>
    public static async Task<UserPresence> OpenAsync(
        UserOptions options, ITransport transport, DirectoryAsker asker, UserName user, UserMetrics metrics,
        TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        var files = new PublishedFiles(
            new OfferedFolder(options.Folder), token => ListAsync(asker, options, user, time, token), time);
        UserHost host = await UserHost.OpenAsync(
            options, transport, files.TryOpenAsync, metrics, time, log, cancellationToken);
        log.UserListening(host.Address.ToString(), options.Folder);
        return new UserPresence(options, transport, asker, user, host, files, metrics, time, log);
    }

    /// <summary>Acts beside another program of the user, which has the door.</summary>
    public static UserPresence Beside(
        UserOptions options, ITransport transport, DirectoryAsker asker, UserName user,
        UserMetrics metrics, TimeProvider time, ILogger log) =>
        new(options, transport, asker, user, null, null, metrics, time, log);

    /// <summary>The directory knows the user as connected: from now on the hub is told what is offered.</summary>
    public void Begin()
    {
        if (_teller is { } teller)
        {
            _tasks.Run(() => teller.RunAsync(_stopping.Token));
        }
    }

    /// <inheritdoc cref="OfferTeller.Leave"/>
    public void Leave() => _teller?.Leave();

    /// <inheritdoc cref="OfferTeller.Stay"/>
    public void Stay() => _teller?.Stay();

    /// <summary>A publication was made or withdrawn here.</summary>
    public void Changed(PublicationName file) => _teller?.Changed(file.Value);

    /// <summary>
    /// Fetches what another user offers in verified chunks; null: that user's program, or the hub, does not do that.
    /// </summary>
    public async Task<FetchAnswer?> FetchAsync(OfferWish wish, CancellationToken cancellationToken) =>
        await _finder.FindAsync(cancellationToken) is { } hub
            ? await new OfferFetch(_options, User.Value, Host?.Swarms, _transport, _time, _log)
                .FetchAsync(hub, wish, cancellationToken)
            : null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _tasks.WhenAllEndedAsync();
        if (_sources is not null)
        {
            await _sources.DisposeAsync();
        }

        if (Host is not null)
        {
            await Host.DisposeAsync();
            _log.UserListeningEnded(Host.Address.ToString());
        }

        Files?.Dispose();
        _finder.Dispose();
        _stopping.Dispose();
    }

    // Somebody waits for a file meanwhile: a directory that does not answer at once is not waited for.
    private static async ValueTask<IEnumerable<string>?> ListAsync(
        DirectoryAsker asker, UserOptions options, UserName user, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var patience = new Deadline(options.LookLimit, time, cancellationToken);
        try
        {
            DirectoryAnswer answer =
                await asker.AskAsync(new DirectoryRequest.ListContent(user, user), patience.Token);
            return answer.Result == DirectoryResult.Done ? answer.Contents.Select(row => row.File) : null;
        }
        catch (OperationCanceledException) when (patience.HasPassed)
        {
            return null;
        }
    }
}
