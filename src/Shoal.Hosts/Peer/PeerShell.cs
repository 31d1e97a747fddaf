using Microsoft.Extensions.Logging;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>
/// The shell of a peer's machine: one loop that tells it what happened, and has carried out what it wants.
/// </summary>
internal sealed class PeerShell : IDisposable
{
    private readonly PeerOptions _options;
    private readonly SwarmFolder _folder;
    private readonly Arrivals _arrivals;
    private readonly PeerStatus _status;
    private readonly PeerMetrics _metrics;
    private readonly ILogger _log;
    private readonly Action<PeerProgress> _progress;
    private readonly HostLoop<PeerHostEvent> _loop;
    private readonly TaskScope _tasks;
    private readonly SwarmPeer _machine;
    private readonly FolderQueue _names;
    private readonly PeerLinks _links;
    private readonly HubLink _hub;
    private readonly PeerGoal? _goal;
    private readonly PeerDeeds _deeds;
    private readonly List<SwarmPeerEffect> _effects = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly HostEnd<SwarmOutcome> _end;

    /// <summary>A shell that does nothing before <see cref="RunAsync"/>.</summary>
    public PeerShell(
        PeerOptions options, SwarmPeerOptions machine, SwarmFolder folder, Arrivals arrivals, PeerClock clock,
        PeerMetrics metrics, ITransport transport, TimeProvider time, ILogger log, Action<PeerProgress> progress)
    {
        _options = options;
        _folder = folder;
        _arrivals = arrivals;
        _status = new PeerStatus(options, arrivals, clock, metrics, log);
        _metrics = metrics;
        _log = log;
        _progress = progress;
        _loop = new HostLoop<PeerHostEvent>(time);
        _end = new HostEnd<SwarmOutcome>(log);
        _tasks = new TaskScope(_end.Fail);
        _machine = new SwarmPeer(machine);
        _names = new FolderQueue(folder, TellFile);
        _links = new PeerLinks(options, folder, arrivals, transport, _loop, _tasks, time, log, _stopping.Token);
        _hub = new HubLink(options, folder, transport, _links.Limits, _loop, time, log);
        _goal = options.Part == PeerPart.Fetcher && OfferId.TryParseSwarm(options.Swarm, out OfferId offer)
            ? new PeerGoal(offer)
            : null;
        _deeds = new PeerDeeds(options, folder, arrivals, _status, _machine, _names, _links, _hub, _goal, log);
    }

    /// <summary>Its name in the swarm, once the hub has said it; what it was told before.</summary>
    public string Name => _status.Name;

    /// <summary>What appeared in the folder; to be read when <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<LocalEntry> Appeared => _names.Appeared;

    /// <summary>Takes part in the swarm until the machine has ended.</summary>
    /// <param name="contents">What is in the folder.</param>
    /// <param name="door">Where others come in, disposed of at the end; null: nobody can dial this peer.</param>
    /// <param name="cancellationToken">Asks it to stop; it says goodbye first.</param>
    /// <exception cref="HostException">The hub will not have it.</exception>
    /// <exception cref="FolderException">The folder or its disk failed.</exception>
    public async Task<SwarmOutcome> RunAsync(
        FolderContents contents, IDoor? door, CancellationToken cancellationToken)
    {
        _goal?.Found(contents);
        _loop.TryPost(new PeerHostEvent.Fact(contents.ToEvent()));
        _tasks.Run(_names.RunAsync);
        _tasks.Run(() => _loop.RunAsync(HandleAsync, new PeerHostEvent.Tick()));
        _tasks.Run(() => _hub.RunAsync(_stopping.Token));
        if (door is not null)
        {
            _tasks.Run(() => _links.WelcomeAllAsync(door));
        }

        await using (cancellationToken.Register(
            () => _tasks.Run(() => _loop.PostAsync(
                new PeerHostEvent.Fact(new SwarmPeerEvent.Stop()), CancellationToken.None).AsTask())))
        {
            try
            {
                SwarmOutcome outcome = await _end.Reached;
                await _names.DrainAsync();
                await _hub.CloseAsync();

                // All that it knew of may be here, but it was stopped before it knew of everything.
                return outcome is SwarmOutcome.Complete && _goal is { IsReached: false }
                    ? new SwarmOutcome.Stopped(_machine.TotalBytes - _machine.HeldBytes)
                    : outcome;
            }
            finally
            {
                if (door is not null)
                {
                    await door.DisposeAsync();
                }

                await _links.CloseAllAsync();
                await _stopping.CancelAsync();
                _names.Finish();
                _loop.Complete();
                await _tasks.WhenAllEndedAsync();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async ValueTask HandleAsync(PeerHostEvent @event)
    {
        switch (@event)
        {
            case PeerHostEvent.FromLink { Event: SwarmPeerEvent.ChunkStored stored }:
                // It is here, whatever has become of the connection that brought it.
                await TakeStoredAsync(stored);
                break;
            case PeerHostEvent.FromLink from when _links.IsCurrent(from.Link):
                await ApplyAsync(from.Event);
                break;
            case PeerHostEvent.Uploaded uploaded:
                await TakeUploadsAsync(uploaded.Chunks);
                break;
            case PeerHostEvent.Fact { Event: SwarmPeerEvent.ChunkStored relayed }:
                await TakeStoredAsync(relayed);
                break;
            case PeerHostEvent.Fact fact:
                Hear(fact.Event);
                await ApplyAsync(fact.Event);
                break;
            case PeerHostEvent.HubUp up:
                _hub.Up(up.Line);
                _status.HubUp();
                await ApplyAsync(new SwarmPeerEvent.HubConnected());
                break;
            case PeerHostEvent.HubDown:
                _hub.Down();
                await ApplyAsync(new SwarmPeerEvent.HubLost());
                break;
            case PeerHostEvent.LinkUp link:
                _links.Up(link.Link);
                _metrics.Connected();
                await ApplyAsync(new SwarmPeerEvent.PeerConnected(link.Link.Peer));
                break;
            case PeerHostEvent.LinkDown down:
                _metrics.Disconnected();
                if (_links.Down(down.Link))
                {
                    await ApplyAsync(new SwarmPeerEvent.PeerLost(down.Link.Peer));
                }

                break;
            case PeerHostEvent.Tick:
                await TickAsync();
                break;
            default:
                break;
        }
    }

    private void Hear(SwarmPeerEvent fact)
    {
        switch (fact)
        {
            case SwarmPeerEvent.FromHub { Message: HubMessage.Welcome welcome }:
                _status.Welcomed(welcome.You);
                break;
            case SwarmPeerEvent.FromHub { Message: HubMessage.Wanted wanted }:
                _options.Wanted?.Invoke(wanted.Offer);
                break;
            case SwarmPeerEvent.FromHub { Message: HubMessage.Listed }:
                _options.Listed?.Invoke();
                break;
            default:
                break;
        }
    }

    private ValueTask TakeStoredAsync(SwarmPeerEvent.ChunkStored stored)
    {
        _arrivals.Stored(_loop.Now, stored.From, stored.Chunk);
        return ApplyAsync(stored);
    }

    private async ValueTask TickAsync()
    {
        foreach (PeerLink link in _links.Current)
        {
            await TakeUploadsAsync(link.Chunks);
        }

        if (_hub.Chunks is { } chunks)
        {
            await TakeUploadsAsync(chunks);
        }

        foreach (ContentId content in _folder.TakeLost())
        {
            await ApplyAsync(new SwarmPeerEvent.ContentLost(content));
        }

        await ApplyAsync(new SwarmPeerEvent.Tick());
        _metrics.Count(_machine.Tally);
        _progress(_status.Snapshot(_machine));
    }

    private async ValueTask TakeUploadsAsync(LinkChunks chunks)
    {
        while (chunks.TryTakeEnded(out ChunkRef chunk))
        {
            if (_hub.Chunks == chunks || _links.IsCurrent(chunks))
            {
                await ApplyAsync(new SwarmPeerEvent.UploadEnded(chunks.Peer, chunk));
            }
        }

        while (chunks.TryTakeLost(out ContentId content))
        {
            await ApplyAsync(new SwarmPeerEvent.ContentLost(content));
        }
    }

    private async ValueTask ApplyAsync(SwarmPeerEvent @event)
    {
        int first = _effects.Count;
        _machine.Apply(_loop.Now, @event, _effects);
        for (int i = first; i < _effects.Count; i++)
        {
            if (_effects[i] is SwarmPeerEffect.End end)
            {
                _metrics.Count(_machine.Tally);
                _end.Reach(end.Outcome);
            }
            else
            {
                await _deeds.CarryOutAsync(_loop.Now, _effects[i]);
            }
        }

        _effects.RemoveRange(first, _effects.Count - first);
        if (_deeds.TakeOver())
        {
            await ApplyAsync(new SwarmPeerEvent.Stop());
        }
    }

    private void TellFile(LocalEntry entry)
    {
        // Folders and empty files appear before the run begins.
        TimeSpan time = _arrivals.Start is { } start ? _loop.Now - start : TimeSpan.Zero;
        _log.FileHere(
            entry.Local.Value, entry.Entry.Name.Value, _arrivals.NameOf(entry.Origin), time.TotalMilliseconds);
    }
}
