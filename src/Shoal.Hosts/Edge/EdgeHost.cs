using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;
using Shoal.Hosts.Http;
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
    private readonly EdgeDeliveries _deliveries;
    private readonly EdgeFills _fills;
    private readonly HostEnd<EdgeResult> _end;

    private TierLink? _origin;
    private ImmutableArray<string> _addresses = [];

    private EdgeHost(EdgeOptions options, SwarmFolder folder, ITransport transport, TimeProvider time, ILogger log)
    {
        _options = options;
        _log = log;
        _end = new HostEnd<EdgeResult>(log);
        _shell = new TierShell(options, folder, transport, time, log, _end.Fail);
        _search = new OriginSearch(options, _shell, transport);
        _shelf = new EdgeShelf(folder, options.Capacity);
        _metrics = new EdgeMetrics(options.Meters, _shelf);
        _desk = new EdgeDesk(_shell, options.StallLimit, LoseCopy);
        _routes = new EdgeRoutes(_desk, _metrics, log);
        _deliveries = new EdgeDeliveries(_shelf);
        _fills = new EdgeFills(_shell, _shelf, _deliveries, _desk, _metrics);
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
    /// <exception cref="HostException">There is no origin, or it will not have this edge.</exception>
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
            cancellationToken.Register(() => _end.Reach(ToResult(isComplete: false)));
        EdgeResult result = await _shell.RunAsync(HandleAsync, ServeHttpAsync(), () => _deliveries.Links, door);
        _metrics.Delivered(_deliveries.SentBytes);
        _log.LeftTier(_options.Tier);
        return result;
    }

    /// <summary>Ends with the result, and has the HTTP door open until then if there is to be one.</summary>
    private async Task<EdgeResult> ServeHttpAsync()
    {
        if (_options.Http is not { } listen)
        {
            return await _end.Reached;
        }

        try
        {
            await using HttpHost http = await HttpHost.OpenAsync(
                new HttpOptions { Listen = listen }, [_routes.Map], _log, _shell.Stopping);
            await _end.Reached;
        }
        catch (IOException e)
        {
            throw new HostException($"--http: {e.Message}", e);
        }

        EdgeResult result = await _end.Reached;
        return result with { SentBytes = result.SentBytes + _routes.SentBytes };
    }

    private EdgeResult ToResult(bool isComplete) =>
        new(isComplete, _fills.Bytes, _deliveries.SentBytes, _shelf.PeakBytes);

    private async Task AttendAsync(ImmutableArray<Holding> held)
    {
        TierLink origin = await _search.FindAsync(_shell.Stopping);
        origin.Send(new TierMessage.Attend(
            TierRole.Edge, _options.Name, ListOrder.Kept, _options.Capacity, _addresses));
        origin.Send(new PeerMessage.Hold(held));
        origin.Send(new TierMessage.Ready());
        await _shell.Loop.PostAsync(
            TierHostEvent.Work.Of(() =>
            {
                _origin = origin;
                _desk.Ask(origin);
                _log.OriginUp(origin.Remote.ToString());
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
                _deliveries.Add(up.Link);
                break;
            case TierHostEvent.LinkDown down:
                Lose(down.Link);
                break;
            case TierHostEvent.Heard { Message: TierMessage.Said { Message: PeerMessage.Hold hold } } heard:
                _deliveries.Serve(heard.Link, hold);
                break;
            case TierHostEvent.Heard { Message: TierMessage.Said { Message: PeerMessage.Decline decline } } heard
                when heard.Link != _origin:
                _deliveries.TakeBack(heard.Link, decline);
                break;
            case TierHostEvent.Heard heard:
                Hear(heard.Link, heard.Message);
                break;
            case TierHostEvent.Landed landed:
                _metrics.Passed(landed.Length);
                _desk.Landed(landed);
                break;
            case TierHostEvent.Stored stored:
                _fills.Take(stored);
                break;
            case TierHostEvent.Corrupt corrupt:
                _fills.Fail(corrupt.Link, corrupt.Chunk.Content, TierFault.Corrupt, "wrong hash");
                break;
            case TierHostEvent.Unstored unstored:
                _fills.Fail(unstored.Link, unstored.Chunk.Content, TierFault.Full, unstored.Reason);
                break;
            case TierHostEvent.SourceLost lost:
                LoseCopy(lost.Content);
                break;
            case TierHostEvent.Tick:
                _shell.SayAlive(_deliveries.Links);
                _desk.Tick();
                _metrics.Delivered(_deliveries.SentBytes);
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>An origin that went is looked for again; what is here is still served.</summary>
    private void Lose(TierLink link)
    {
        _deliveries.Remove(link);
        if (link != _origin)
        {
            return;
        }

        _origin = null;
        _desk.Ask(null);
        if (_end.Reached.IsCompleted)
        {
            _log.OriginLeft(link.EndReason);
            return;
        }

        _log.OriginLost(link.EndReason);
        ImmutableArray<Holding> held = _shelf.ToHoldings();
        _shell.Tasks.Run(() => AttendAsync(held));
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
                _fills.Describe(describe.Manifests);
                break;
            case TierMessage.Share share:
                _fills.Share(share.Entries);
                break;
            case TierMessage.Unknown unknown:
                _desk.Miss(unknown);
                break;
            case TierMessage.Said { Message: PeerMessage.Decline decline }:
                _desk.Decline(decline);
                break;
            case TierMessage.Order { Kind: TransferKind.Fill } order:
                _fills.Begin(link, order);
                break;
            case TierMessage.Order order:
                _log.Begun(TransferKind.Delivery, order.Content, order.Peer.Brief, "here", order.At);
                _deliveries.Push(order);
                break;
            case TierMessage.Settle settle:
                Settle(settle);
                break;
            case TierMessage.GiveUp gone:
                _fills.GiveUp(gone.Content);
                _metrics.Evicted();
                _log.Evicted(gone.Content, "here", gone.At);
                break;
            case TierMessage.Refuse refuse:
                _end.Fail(new HostException($"the origin will not have this edge: {refuse.Reason}"));
                break;
            case TierMessage.Finish when !_options.Stay:
                _end.Reach(ToResult(isComplete: true));
                break;
            default:
                break;
        }
    }

    private void Settle(TierMessage.Settle settle)
    {
        (string to, string from) = settle.Kind == TransferKind.Fill
            ? ("here", "origin") : (settle.Peer.Brief, "here");
        _log.Ended(settle.Kind, settle.Content, to, from, settle.At);
    }

    private void LoseCopy(ContentId content) => _fills.Lose(content, _origin);
}
