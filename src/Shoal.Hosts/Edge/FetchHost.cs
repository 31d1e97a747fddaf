using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>A client of a tier on sockets and disk: names what it wants, and takes it from wherever it comes.</summary>
public sealed class FetchHost : IDisposable
{
    private readonly FetchOptions _options;
    private readonly ILogger _log;
    private readonly Action<PeerProgress> _progress;
    private readonly TierShell _shell;
    private readonly OriginSearch _search;
    private readonly FetchNames _names;
    private readonly FetchWants _wants = new();
    private readonly FetchEdges _edges;
    private readonly FetchMetrics _metrics;
    private readonly FetchTransfers _transfers;
    private readonly HashSet<TierLink> _links = [];
    private readonly FetchTalk _list;
    private readonly HostEnd<FetchResult> _end;

    private TierLink? _origin;

    private FetchHost(
        FetchOptions options, SwarmFolder folder, ITransport transport, TimeProvider time, ILogger log,
        Action<PeerProgress> progress)
    {
        _options = options;
        _log = log;
        _end = new HostEnd<FetchResult>(log);
        _progress = progress;
        _shell = new TierShell(options, folder, transport, time, log, _end.Fail);
        _search = new OriginSearch(options, _shell, transport);
        _edges = new FetchEdges(_shell);
        _list = new FetchTalk(options.List, _shell);
        _names = new FetchNames(_shell, _wants, _list, () => _transfers!.StartedAt);
        _metrics = new FetchMetrics(options.Meters);
        _transfers = new FetchTransfers(_shell, _wants, _edges, _names.Queue, _metrics);
    }

    /// <summary>Fetches what is wanted from a tier over TCP.</summary>
    /// <inheritdoc
    /// cref="RunAsync(FetchOptions, ITransport, TimeProvider, ILogger, Action{PeerProgress}, CancellationToken)"/>
    public static Task<FetchResult> RunAsync(
        FetchOptions options, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken) =>
        RunAsync(options, new TcpTransport(new TcpOptions { Time = time }), time, log, progress, cancellationToken);

    /// <summary>Fetches what is wanted from a tier, until everybody has everything or it is told to stop.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="transport">How connections come about.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="progress">Is told how far it is, about four times a second, from the loop's task.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    /// <exception cref="HostException">There is no origin, or it will not have this client.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public static async Task<FetchResult> RunAsync(
        FetchOptions options, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress,
        CancellationToken cancellationToken)
    {
        using SwarmFolder folder = SwarmFolder.Open(new SwarmFolderOptions
        {
            Path = options.Folder, PeerName = options.Name,
        });
        await folder.ReadAsync(null, cancellationToken);
        using var host = new FetchHost(options, folder, transport, time, log, progress);
        return await host.FetchAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _shell.Dispose();
    }

    private async Task<FetchResult> FetchAsync(CancellationToken cancellationToken)
    {
        _shell.Tasks.Run(AttendAsync);
        _shell.Tasks.Run(_names.Queue.RunAsync);
        await using CancellationTokenRegistration stop = cancellationToken.Register(() =>
            _shell.Tasks.Run(() => _shell.Loop.PostAsync(new TierHostEvent.Work(EndAsync), default).AsTask()));
        try
        {
            FetchResult result = await _shell.RunAsync(HandleAsync, EndedAsync(), () => _links, door: null);
            _log.LeftTier(_options.Tier);
            return result;
        }
        finally
        {
            _names.Queue.Finish();
        }
    }

    private async Task<FetchResult> EndedAsync()
    {
        try
        {
            return await _end.Reached;
        }
        finally
        {
            _names.Queue.Finish();
        }
    }

    private async ValueTask EndAsync()
    {
        await _names.Queue.DrainAsync();
        _end.Reach(_wants.ToResult(_names.Local) with { IsListRead = _list.IsRead });
    }

    private async Task AttendAsync()
    {
        TierLink origin = await _search.FindAsync(_shell.Stopping);
        origin.Send(new TierMessage.Attend(TierRole.Client, _options.Name, _options.Order, 0, []));
        await _shell.Loop.PostAsync(TierHostEvent.Work.Of(() => TakeOrigin(origin)), _shell.Stopping);
    }

    private void TakeOrigin(TierLink origin)
    {
        _origin = origin;
        _log.OriginUp(origin.Remote.ToString());
        _transfers.Begin(origin);
        _list.Begin(origin);
    }

    private ValueTask HandleAsync(TierHostEvent @event)
    {
        switch (@event)
        {
            case TierHostEvent.Work work:
                return work.Do();
            case TierHostEvent.LinkUp up:
                _links.Add(up.Link);
                _edges.Up(up.Link);
                break;
            case TierHostEvent.LinkDown down:
                Lose(down.Link);
                break;
            case TierHostEvent.Undialled undialled:
                foreach (ContentId content in _edges.TakeWaiting(undialled.Peer))
                {
                    _transfers.Fault(content, undialled.Peer, TierFault.Lost, "it cannot be reached");
                }

                break;
            case TierHostEvent.Heard { Message: TierMessage.Said { Message: PeerMessage.Decline decline } } heard:
                foreach (ChunkRef chunk in decline.Chunks)
                {
                    _transfers.Fault(chunk.Content, heard.Link.Peer, TierFault.Lost, "it does not have it");
                }

                break;
            case TierHostEvent.Heard heard when !_edges.IsEdge(heard.Link):
                return HearAsync(heard.Link, heard.Message);
            case TierHostEvent.Stored stored:
                _transfers.Take(stored.Link, stored.Chunk);
                break;
            case TierHostEvent.Corrupt corrupt:
                _transfers.Reject(corrupt.Link.Peer, corrupt.Chunk.Content);
                break;
            case TierHostEvent.Unstored unstored:
                _end.Fail(new HostException(unstored.Reason));
                break;
            case TierHostEvent.Tick:
                Tick();
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Tick()
    {
        _shell.SayAlive(_links);
        PeerPhase phase = _origin is null ? PeerPhase.Searching
            : _transfers.StartedAt is null ? PeerPhase.Ordered
            : PeerPhase.Fetching;
        _progress(_wants.ToProgress(phase, _links.Sum(link => link.Received)));
    }

    private void Lose(TierLink link)
    {
        _links.Remove(link);
        if (link == _origin)
        {
            LoseOrigin(link);
        }
        else if (_edges.IsEdge(link))
        {
            _transfers.Lose(link);
        }
    }

    /// <summary>An origin that went is looked for again, unless everything is here.</summary>
    private void LoseOrigin(TierLink link)
    {
        _origin = null;
        bool isOver = _list.IsReady && _wants.IsComplete;
        _list.End();
        _transfers.End();
        if (isOver)
        {
            _log.OriginLeft(link.EndReason);
            _shell.Tasks.Run(() => _shell.Loop.PostAsync(new TierHostEvent.Work(EndAsync), default).AsTask());
        }
        else
        {
            _log.OriginLost(link.EndReason);
            _shell.Tasks.Run(AttendAsync);
        }
    }

    private async ValueTask HearAsync(TierLink link, TierMessage message)
    {
        switch (message)
        {
            case TierMessage.Meet { Endpoints.IsEmpty: true } gone:
                _edges.Part(gone.Peer);
                break;
            case TierMessage.Meet meet:
                _edges.Meet(meet.Peer, meet.Name, meet.Endpoints);
                break;
            case TierMessage.Describe describe:
                foreach (Manifest manifest in describe.Manifests)
                {
                    _wants.Describe(manifest);
                }

                break;
            case TierMessage.Share share:
                _names.Share(link, share.Entries);
                break;
            case TierMessage.Unknown unknown:
                _wants.Miss(unknown.Names);
                foreach (EntryName name in unknown.Names)
                {
                    _log.Unknown(name.Value);
                }

                break;
            case TierMessage.Listed:
                _list.Answer(link);
                break;
            case TierMessage.Order order:
                _transfers.Follow(order);
                break;
            case TierMessage.Settle settle:
                _transfers.Settle(settle);
                break;
            case TierMessage.GiveUp gone:
                _wants.Drop(gone.Content);
                _names.Queue.Forget(gone.Content);
                // It may be wanted again by the next message: a file that was only touched is what it was.
                await _names.Queue.DrainAsync();
                break;
            case TierMessage.Refuse refuse:
                _end.Fail(new HostException($"the origin will not have this client: {refuse.Reason}"));
                break;
            case TierMessage.Finish when _list.IsReady && _wants.IsComplete:
                await EndAsync();
                break;
            default:
                break;
        }
    }
}
