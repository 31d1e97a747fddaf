using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Hosts.Http;
using Shoal.Hosts.Peer;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// An edge on sockets and disk: holds what the origin orders, within its capacity, and sends it to clients that ask,
/// also while it still comes.
/// </summary>
public sealed class EdgeHost : IDisposable
{
    private readonly EdgeOptions _options;
    private readonly ILogger _log;
    private readonly TierShell _shell;
    private readonly OriginSearch _search;
    private readonly EdgeShelf _shelf;
    private readonly EdgeMetrics _metrics;
    private readonly EdgeDesk _desk;
    private readonly EdgeRoutes _routes;
    private readonly Dictionary<ContentId, Manifest> _described = [];
    private readonly HashSet<TierLink> _links = [];
    private readonly HashSet<(TierLink Link, ContentId Content)> _pushed = [];
    private readonly TaskCompletionSource<EdgeResult> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TierLink? _origin;
    private ImmutableArray<string> _addresses = [];
    private long _filledBytes;
    private long _sentBytes;

    private EdgeHost(EdgeOptions options, SwarmFolder folder, ITransport transport, TimeProvider time, ILogger log)
    {
        _options = options;
        _log = log;
        _shell = new TierShell(options, folder, transport, time, log, Fail);
        _search = new OriginSearch(options, _shell, transport);
        _shelf = new EdgeShelf(folder, options.Capacity);
        _metrics = new EdgeMetrics(options.Meters, _shelf);
        _desk = new EdgeDesk(_shell, options.StallLimit, LoseCopy);
        _routes = new EdgeRoutes(_desk, _metrics, log);
    }

    /// <summary>Serves clients of a tier over TCP until everybody has everything.</summary>
    /// <inheritdoc cref="RunAsync(EdgeOptions, ITransport, TimeProvider, ILogger, CancellationToken)"/>
    public static Task<EdgeResult> RunAsync(
        EdgeOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken) =>
        RunAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, cancellationToken);

    /// <summary>Serves clients of a tier until everybody has everything, or until it is told to stop.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="transport">How connections come about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    /// <exception cref="TierException">There is no origin, or it will not have this edge.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static async Task<EdgeResult> RunAsync(
        EdgeOptions options, ITransport transport, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        // What else is in the folder is none of an edge's business.
        using SwarmFolder folder = SwarmFolder.Open(new SwarmFolderOptions
        {
            Path = options.Folder, PeerName = options.Name, Excludes = ["*"],
        });
        FolderContents contents = await folder.ReadAsync(null, cancellationToken);
        using var host = new EdgeHost(options, folder, transport, time, log);
        return await host.ServeAsync(host._shelf.TakeOver(contents), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _shell.Dispose();
    }

    private async Task<EdgeResult> ServeAsync(ImmutableArray<Holding> held, CancellationToken cancellationToken)
    {
        _log.Holding(_shelf.Count, _shelf.Bytes, _options.Capacity);
        Door door = await _shell.OpenDoorAsync(cancellationToken);
        _addresses = _shell.AddressesOf(door);
        _shell.Tasks.Run(() => AttendAsync(held));
        await using CancellationTokenRegistration stop =
            cancellationToken.Register(() => _ended.TrySetResult(ToResult(isComplete: false)));
        EdgeResult result = await _shell.RunAsync(HandleAsync, ServeHttpAsync(), () => _links, door);
        _log.LeftTier(_options.Tier);
        return result;
    }

    /// <summary>Ends with the result, and has the HTTP door open until then if there is to be one.</summary>
    private async Task<EdgeResult> ServeHttpAsync()
    {
        if (_options.Http is not { } listen)
        {
            return await _ended.Task;
        }

        try
        {
            await using HttpHost http = await HttpHost.OpenAsync(
                new HttpOptions { Listen = listen }, [_routes.Map], _log, _shell.Stopping);
            await _ended.Task;
        }
        catch (IOException e)
        {
            throw new TierException($"--http: {e.Message}", e);
        }

        EdgeResult result = await _ended.Task;
        return result with { SentBytes = result.SentBytes + _routes.SentBytes };
    }

    private EdgeResult ToResult(bool isComplete) => new(
        isComplete, _filledBytes, _sentBytes + _links.Where(link => link != _origin).Sum(link => link.Uploads.Taken),
        _shelf.PeakBytes);

    private void Fail(Exception e)
    {
        if (_ended.TrySetException(e) && e is not (FolderException or TierException))
        {
            _log.Failed(e.ToString());
        }
    }

    private async Task AttendAsync(ImmutableArray<Holding> held)
    {
        TierLink origin = await _search.FindAsync(_shell.Stopping);
        origin.Send(new TierMessage.Attend(
            TierRole.Edge, _options.Name, ListOrder.Kept, _options.Capacity, _addresses));
        origin.Send(new PeerMessage.Hold(held));
        origin.Send(new TierMessage.Ready());
        await _shell.Loop.PostAsync(
            new TierHostEvent.Work(() =>
            {
                _origin = origin;
                _desk.Ask(origin);
                _log.OriginUp(origin.Remote.ToString());
                return ValueTask.CompletedTask;
            }),
            _shell.Stopping);
    }

    private ValueTask HandleAsync(TierHostEvent @event)
    {
        switch (@event)
        {
            case TierHostEvent.Work work:
                return work.Do();
            case TierHostEvent.LinkUp up:
                _links.Add(up.Link);
                break;
            case TierHostEvent.LinkDown down:
                Lose(down.Link);
                break;
            case TierHostEvent.Heard { Message: TierMessage.Said { Message: PeerMessage.Hold hold } } heard:
                Serve(heard.Link, hold);
                break;
            case TierHostEvent.Heard heard:
                Hear(heard.Link, heard.Message);
                break;
            case TierHostEvent.Landed landed:
                _metrics.Passed(landed.Length);
                _desk.Landed(landed);
                break;
            case TierHostEvent.Stored stored:
                Take(stored);
                break;
            case TierHostEvent.Corrupt corrupt:
                GiveBack(corrupt.Link, corrupt.Chunk.Content, TierFault.Corrupt, "wrong hash");
                break;
            case TierHostEvent.Unstored unstored:
                GiveBack(unstored.Link, unstored.Chunk.Content, TierFault.Full, unstored.Reason);
                break;
            case TierHostEvent.SourceLost lost:
                LoseCopy(lost.Content);
                break;
            case TierHostEvent.Tick:
                _shell.SayAlive(_links);
                _desk.Tick();
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>An origin that went is looked for again; what is here is still served.</summary>
    private void Lose(TierLink link)
    {
        _links.Remove(link);
        if (link != _origin)
        {
            _pushed.RemoveWhere(pushed => pushed.Link == link);
            _sentBytes += link.Uploads.Taken;
            return;
        }

        _origin = null;
        _desk.Ask(null);
        if (_ended.Task.IsCompleted)
        {
            _log.OriginLeft(link.EndReason);
            return;
        }

        _log.OriginLost(link.EndReason);
        ImmutableArray<Holding> held = _shelf.ToHoldings();
        _shell.Tasks.Run(() => AttendAsync(held));
    }

    /// <summary>
    /// Sends a client what it was not told of yet: the origin's word may take longer to it, behind what comes straight.
    /// </summary>
    private void Push(TierMessage.Order order)
    {
        if (_shelf.Find(order.Content) is { } manifest
            && _links.FirstOrDefault(link => link.Peer == order.Peer) is { } client)
        {
            _pushed.Add((client, order.Content));
            client.Uploads.Begin(manifest, null);
        }
    }

    /// <summary>Sends a client what it lacks of contents, unless it is on its way by now.</summary>
    private void Serve(TierLink link, PeerMessage.Hold hold)
    {
        foreach (Holding holding in hold.Holdings)
        {
            if (_pushed.Remove((link, holding.Content)))
            {
                continue;
            }

            if (_shelf.Find(holding.Content) is { } manifest && manifest.ChunkCount == holding.Chunks.Count)
            {
                link.Uploads.Begin(manifest, holding.Chunks);
            }
            else
            {
                link.Send(new PeerMessage.Decline([new ChunkRef(holding.Content, new ChunkIndex(0))]));
            }
        }
    }

    // Only an origin says any of this; who else does is not heard.
    private void Hear(TierLink link, TierMessage message)
    {
        if (_origin is not null && link != _origin)
        {
            return;
        }

        switch (message)
        {
            case TierMessage.Describe describe:
                foreach (Manifest manifest in describe.Manifests)
                {
                    _described[manifest.Id] = manifest;
                }

                break;
            case TierMessage.Share share:
                Share(share.Entries);
                break;
            case TierMessage.Unknown unknown:
                _desk.Miss(unknown);
                break;
            case TierMessage.Said { Message: PeerMessage.Decline decline }:
                _desk.Decline(decline);
                break;
            case TierMessage.Order { Kind: TransferKind.Fill } order:
                Fill(link, order);
                break;
            case TierMessage.Order order:
                _log.Begun(TransferKind.Delivery, order.Content, order.Peer.Brief, "here", order.At);
                Push(order);
                break;
            case TierMessage.Settle settle:
                _log.Ended(
                    settle.Kind, settle.Content, settle.Peer.Brief, "here", settle.At);
                break;
            case TierMessage.GiveUp gone:
                GiveUp(gone.Content);
                _metrics.Evicted();
                _log.Evicted(gone.Content, "here", gone.At);
                break;
            case TierMessage.Refuse refuse:
                _ended.TrySetException(new TierException($"the origin will not have this edge: {refuse.Reason}"));
                break;
            case TierMessage.Finish when !_options.Stay:
                _ended.TrySetResult(ToResult(isComplete: true));
                break;
            default:
                break;
        }
    }

    private void Share(ImmutableArray<SharedEntry> entries)
    {
        foreach (SharedEntry.File file in entries.OfType<SharedEntry.File>())
        {
            if (_described.Remove(file.Content, out Manifest? manifest))
            {
                _desk.Share(file, manifest);
            }
        }
    }

    private void Fill(TierLink origin, TierMessage.Order order)
    {
        _log.Begun(TransferKind.Fill, order.Content, "here", "origin", order.At);
        if (!_described.Remove(order.Content, out Manifest? manifest) || !_shelf.TryTake(manifest))
        {
            GiveBack(origin, order.Content, TierFault.Full, "there is no room for it within the capacity");
        }
        else if (_shell.Folder.IsWhole(order.Content))
        {
            origin.Send(new TierMessage.Whole(TransferKind.Fill, order.Content, origin.Peer));
        }
    }

    private void Take(TierHostEvent.Stored stored)
    {
        ContentId content = stored.Chunk.Content;
        if (_shelf.Find(content) is not { } manifest)
        {
            return;
        }

        int length = manifest.LengthOf(stored.Chunk.Index);
        _filledBytes += length;
        _metrics.Filled(length);
        _desk.Stored(stored.Chunk);
        foreach (TierLink link in _links)
        {
            link.Uploads.Refill(content);
        }

        if (_shell.Folder.IsWhole(content))
        {
            stored.Link.Send(new TierMessage.Whole(TransferKind.Fill, content, stored.Link.Peer));
        }
    }

    private void GiveBack(TierLink link, ContentId content, TierFault fault, string reason)
    {
        _log.Broken(TransferKind.Fill, content, "here", link.Peer.Brief, reason);
        link.Send(new TierMessage.Fail(TransferKind.Fill, content, link.Peer, fault));
        GiveUp(content);
    }

    /// <summary>A copy turned out to be wrong on the disk.</summary>
    private void LoseCopy(ContentId content)
    {
        if (_shelf.Find(content) is not null)
        {
            _log.CopyLost(content.Brief);
            _origin?.Send(new TierMessage.Fail(TransferKind.Fill, content, _origin.Peer, TierFault.Lost));
            GiveUp(content);
        }
    }

    private void GiveUp(ContentId content)
    {
        foreach (TierLink link in _links)
        {
            link.Uploads.Stop(content);
        }

        _shelf.GiveUp(content);
        _desk.GaveUp(content);
    }
}
