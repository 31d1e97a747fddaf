using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Frames;
using Shoal.Net.Transport;
using Shoal.Storage;
using Shoal.Storage.Offers;

namespace Shoal.Hosts.User;

/// <summary>
/// A peer of a swarm from whom users of its hub's directory fetch too, as from one of them: its one port serves whoever
/// begins with a hello and whoever asks for a file, and it gives what it shares in the swarms of offers beside its own.
/// </summary>
public sealed class PublicPeer
{
    /// <summary>Connections of other peers and of users at the same time; one more is closed.</summary>
    private const int MostConnections = 4096;

    private readonly PeerOptions _options;
    private readonly UserOptions _user;
    private readonly OfferedFolder _files;
    private readonly ConcurrentDictionary<string, ContentId> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<OfferId, ContentId> _offers = new();
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SwarmFolder? _folder;

    private PublicPeer(PeerOptions options, DirectoryStyle style, RateLimit? pace)
    {
        _options = options;
        _files = new OfferedFolder(options.Folder);
        _user = new UserOptions
        {
            Hub = options.Hub, Listen = options.Listen, Folder = options.Folder, Style = style, Pace = pace,
            MostConnections = MostConnections,
        };
    }

    /// <summary>
    /// Runs a peer over TCP. One with a key, or that nobody can dial, is in its swarm alone: what is behind the key
    /// stays there.
    /// </summary>
    /// <param name="options">What the peer is told.</param>
    /// <param name="style">How requests of other programs are answered.</param>
    /// <inheritdoc cref="PeerHost.RunAsync(PeerOptions, TimeProvider, ILogger, Action{PeerProgress},
    /// CancellationToken)"/>
    public static Task<PeerResult> RunAsync(
        PeerOptions options, DirectoryStyle style, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken) => RunAsync(
            options, style, new TcpTransport(new TcpOptions { Time = time }), time, log, progress, cancellationToken);

    /// <summary>Runs a peer.</summary>
    /// <inheritdoc cref="RunAsync(PeerOptions, DirectoryStyle, TimeProvider, ILogger, Action{PeerProgress},
    /// CancellationToken)"/>
    public static async Task<PeerResult> RunAsync(
        PeerOptions options, DirectoryStyle style, ITransport transport, TimeProvider time, ILogger log,
        Action<PeerProgress> progress, CancellationToken cancellationToken)
    {
        if (options.Key is not null || options.Relay == RelayUse.Always)
        {
            return await PeerHost.RunAsync(options, transport, time, log, progress, cancellationToken);
        }

        var peer = new PublicPeer(options, style, PeerPace.Of(options, time));
        return await peer.TakePartAsync(transport, time, log, progress, cancellationToken);
    }

    private async Task<PeerResult> TakePartAsync(
        ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken)
    {
        using var metrics = new UserMetrics(_options.Meters);
        await using UserHost host = await OpenAsync(transport, metrics, time, log, cancellationToken);
        await using var sources = new OfferSources(
            _user, UserNameOf(_options), host.Swarms, metrics, transport, time, log);
        PeerOptions options = _options with
        {
            Door = host.Swarms.Open(_options.Swarm),
            Pace = _user.Pace,
            FolderRead = Take,
            Listed = () => _listed.TrySetResult(),
            Wanted = offer => Give(offer, sources),
        };
        return await PeerHost.RunAsync(options, transport, time, log, progress, cancellationToken);
    }

    private async Task<UserHost> OpenAsync(
        ITransport transport, UserMetrics metrics, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            return await UserHost.OpenAsync(
                _user, transport, (file, token) => TryOpenAsync(file, time, token), metrics, time, log,
                cancellationToken);
        }
        catch (IOException e)
        {
            throw new HostException(e.Message, e);
        }
    }

    // As the hub's directory calls a guest, unless somebody has that name; sources are named by it to whoever fetches.
    private static string UserNameOf(PeerOptions options) =>
        $"{options.Name}@{options.Swarm}" is { Length: <= SwarmTracker.MostNameLength } whole ? whole : options.Name;

    private void Take(SwarmFolder folder, FolderContents contents)
    {
        Volatile.Write(ref _folder, folder);
        foreach (MemberMessage.Share share in contents.Shares.Where(share => share.Origin == folder.Peer))
        {
            foreach (SharedEntry.File file in share.Entries.OfType<SharedEntry.File>())
            {
                _names[file.Name.Value] = file.Content;
                _offers[OfferId.Of(OfferId.FileOf(file.Content))] = file.Content;
            }
        }
    }

    // Who is in no directory serves its swarm alone. A user may have seen it in a list before it has heard of that.
    private async ValueTask<OfferedFile?> TryOpenAsync(
        PublicationName file, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!_listed.Task.IsCompleted)
        {
            await _listed.Task.WaitAsync(_user.LookLimit, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _listed.Task.IsCompleted ? TryOpen(file) : null;
    }

    // A file that is no longer what the swarm was told is not listed any more, and so not served.
    private OfferedFile? TryOpen(PublicationName file) =>
        _names.TryGetValue(file.Value, out ContentId content) && Volatile.Read(ref _folder)!.IsWhole(content)
            ? _files.TryOpen(file.Value)
            : null;

    private void Give(OfferId offer, OfferSources sources)
    {
        if (_offers.TryGetValue(offer, out ContentId content)
            && Volatile.Read(ref _folder)!.TryOffer(content) is { } offered)
        {
            sources.Want(_options.Hub, offered, () => { }, () => { });
        }
    }
}
