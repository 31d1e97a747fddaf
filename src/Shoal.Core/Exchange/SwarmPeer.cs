using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Exchange;

/// <summary>
/// The peer's side of a swarm, as a machine: what to request from whom, what to announce, when to take a late request
/// elsewhere, whom to blame, and when to leave. It outlives the connections with hub and peers: whatever it is told
/// again it takes as the truth, and whenever one comes up it says all that it knows.
/// </summary>
public sealed class SwarmPeer
{
    /// <summary>
    /// A neighbour that sent so many chunks with a wrong hash is disconnected, and never asked for a chunk
    /// again. It may come back to be served: its own copy it can check as well as anybody, and until it has
    /// one the run does not end.
    /// </summary>
    public const int MostCorruptChunks = 3;

    /// <summary>A neighbour that says nothing for so long seems to hang; its chunks are taken elsewhere.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    /// <summary>So many announcements of contents that the hub has not described yet are kept a neighbour.</summary>
    public const int MostEarlyHaves = 1 << 16;

    private readonly PeerParts _parts;
    private readonly HubConversation _conversation;

    /// <summary>A peer that knows nothing yet.</summary>
    public SwarmPeer(SwarmPeerOptions options)
    {
        _parts = new PeerParts(options);
        _conversation = new HubConversation(_parts);
    }

    /// <summary>What it was told before its first event.</summary>
    public SwarmPeerOptions Options => _parts.Options;

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _parts.IsStarted;

    /// <summary>Whether every content that it knows of is here.</summary>
    public bool IsComplete => _parts.Chunks.IsComplete;

    /// <summary>Wanted bytes that are here.</summary>
    public long HeldBytes => _parts.Chunks.HeldBytes;

    /// <summary>Bytes of all contents that it knows of.</summary>
    public long TotalBytes => _parts.Catalog.WantedBytes;

    /// <summary>What it has counted so far.</summary>
    public PeerTally Tally => _parts.Counts.Tally;

    /// <summary>What the hub last said of the whole swarm.</summary>
    public SwarmProgress SwarmProgress => _parts.SwarmProgress;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmPeerEvent @event, IList<SwarmPeerEffect> effects)
    {
        if (_parts.HasEnded)
        {
            return;
        }

        switch (@event)
        {
            case SwarmPeerEvent.FromPeer said:
                OnPeer(now, said.Peer, said.Message, effects);
                break;
            case SwarmPeerEvent.ChunkStored stored:
                OnChunkStored(now, stored, effects);
                break;
            case SwarmPeerEvent.UploadEnded ended:
                OnUploadEnded(now, ended, effects);
                break;
            case SwarmPeerEvent.ChunkCorrupt corrupt:
                OnChunkCorrupt(now, corrupt, effects);
                break;
            case SwarmPeerEvent.FromHub { Message: HubMessage.FromRelay said }:
                _parts.Neighbours.HeardRelay(now);
                OnPeer(now, PeerId.Relay, said.Message, effects);
                break;
            case SwarmPeerEvent.FromHub said:
                _conversation.Heard(now, said.Message, effects);
                break;
            case SwarmPeerEvent.FolderRead read:
                _conversation.FolderRead(read, effects);
                break;
            case SwarmPeerEvent.HubConnected:
                _conversation.Connected(now, effects);
                break;
            case SwarmPeerEvent.HubLost:
                _parts.Hub.IsUp = false;
                _parts.Ending.HubLost(now);
                _parts.Lost(now, PeerId.Relay, effects);
                break;
            case SwarmPeerEvent.PeerConnected connected:
                _parts.Neighbours.Connected(now, connected.Peer, effects);
                _parts.Reach.Connected(now, connected.Peer, effects);
                break;
            case SwarmPeerEvent.DialFailed failed when _parts.Neighbours.Find(failed.Peer) is null:
                _parts.Reach.Unreachable(now, failed.Peer, effects);
                break;
            case SwarmPeerEvent.PeerLost lost:
                _parts.Lost(now, lost.Peer, effects);
                break;
            case SwarmPeerEvent.ContentLost lost:
                _parts.Withdraw(now, lost.Content, _parts.Options.Peer, effects);
                break;
            case SwarmPeerEvent.Tick:
                OnTick(now, effects);
                break;
            case SwarmPeerEvent.Stop:
                _parts.End(now, _parts.Ending.Stop(), effects);
                break;
            default:
                break;
        }
    }

    private void OnPeer(TimeSpan now, PeerId peer, PeerMessage message, IList<SwarmPeerEffect> effects)
    {
        if (_parts.Neighbours.Find(peer) is not { } neighbour)
        {
            return;
        }

        neighbour.LastHeard = now;
        DisconnectReason? reason = null;
        switch (message)
        {
            case PeerMessage.Have have:
                reason = _parts.Neighbours.Have(neighbour, have.Chunks);
                if (reason is null)
                {
                    _parts.Requests.SpareOwners(now, neighbour, have.Chunks, effects);
                }

                break;
            case PeerMessage.Request request:
                reason = _parts.Uploads.Request(now, neighbour, request.Chunks, effects);
                break;
            case PeerMessage.Cancel cancel:
                _parts.Uploads.Cancel(neighbour, cancel.Chunks);
                break;
            case PeerMessage.Hold hold:
                reason = _parts.Neighbours.Hold(neighbour, hold.Holdings);
                break;
            case PeerMessage.Decline decline:
                _parts.Neighbours.Declined(neighbour, decline.Chunks);
                _parts.FillAll(now, effects);
                break;
            default:
                break;
        }

        if (reason is not null)
        {
            _parts.Neighbours.Disconnect(now, neighbour, reason.Value, effects);
            _parts.FillAll(now, effects);
        }
        else if (message is PeerMessage.Have or PeerMessage.Hold)
        {
            _parts.Fill(now, neighbour, effects);
        }
    }

    private void OnChunkStored(TimeSpan now, SwarmPeerEvent.ChunkStored stored, IList<SwarmPeerEffect> effects)
    {
        int chunk = _parts.Catalog.NumberOf(stored.Chunk);
        if (chunk < 0)
        {
            return;
        }

        Neighbour? from = _parts.Neighbours.Find(stored.From);
        if (from is not null)
        {
            from.LastHeard = now;
            _parts.Requests.Close(now, from, chunk);
        }

        if (_parts.Chunks.AddMine(chunk))
        {
            _parts.Counts.Received(_parts.Catalog.LengthOf(chunk), isRelayed: stored.From == PeerId.Relay);
            _parts.Requests.CancelElsewhere(_parts.Neighbours.All, chunk, effects);
            _parts.Announcements.Add(now, chunk, effects);
            if (_parts.Catalog.ContentOf(chunk) is { IsHeld: true } content)
            {
                PeerParts.Complete(content, effects);
            }

            _parts.MarkFinish(now);
            if (_parts.Chunks.IsComplete)
            {
                _parts.Hub.Say(now, new MemberMessage.Count(Tally), effects);
                _parts.Announcements.TellHub(now, effects);
            }
        }
        else
        {
            _parts.Counts.Wasted(_parts.Catalog.LengthOf(chunk));
        }

        _parts.Orders.Crossed(now, OccupationKind.Deliver, stored.Chunk, OrderOutcome.Done, effects);
        if (from is not null)
        {
            _parts.Fill(now, from, effects);
        }
    }

    private void OnChunkCorrupt(TimeSpan now, SwarmPeerEvent.ChunkCorrupt corrupt, IList<SwarmPeerEffect> effects)
    {
        _parts.Counts.Rejected();
        int chunk = _parts.Catalog.NumberOf(corrupt.Chunk);
        if (chunk < 0 || _parts.Neighbours.Find(corrupt.From) is not { } neighbour)
        {
            return;
        }

        neighbour.CorruptChunks++;
        effects.Add(new SwarmPeerEffect.Tell(
            new SwarmNote.Blamed(corrupt.From, corrupt.Chunk, neighbour.CorruptChunks)));
        if (_parts.Orders.IsOrdered)
        {
            _parts.Orders.Crossed(now, OccupationKind.Deliver, corrupt.Chunk, OrderOutcome.Failed, effects);
            return;
        }

        _parts.Requests.Close(now, neighbour, chunk);
        if (neighbour.CorruptChunks >= MostCorruptChunks && !neighbour.IsRelay)
        {
            _parts.Neighbours.Disconnect(now, neighbour, DisconnectReason.CorruptChunks, effects);
            _parts.Meetings.Dial(now, neighbour.Id, effects);
        }
        else
        {
            (_parts.Picker.OtherHolder(now, neighbour, chunk) ?? neighbour).FirstPicks.Enqueue(chunk);
        }

        _parts.FillAll(now, effects);
    }

    private void OnUploadEnded(TimeSpan now, SwarmPeerEvent.UploadEnded ended, IList<SwarmPeerEffect> effects)
    {
        int chunk = _parts.Catalog.NumberOf(ended.Chunk);
        if (chunk >= 0 && _parts.Neighbours.Find(ended.To) is { } neighbour)
        {
            _parts.Uploads.Ended(now, neighbour, chunk, effects);
            _parts.Orders.Crossed(now, OccupationKind.Upload, ended.Chunk, OrderOutcome.Done, effects);
        }
    }

    private void OnTick(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        _parts.Meetings.Tick(now, effects);
        _parts.Reach.Tick(now, effects);
        _parts.Uploads.Tick(now, _parts.Neighbours.All.Count);
        _parts.Uploads.PumpAll(now, effects);
        _parts.Announcements.TellNeighbours(now, effects);
        _parts.Announcements.TellHub(now, effects);
        if (_parts.IsStarted && !_parts.Chunks.IsComplete)
        {
            _parts.Requests.TakeBackLate(now, _parts.Neighbours.All, effects);
            _parts.Neighbours.Abandon(now);
            _parts.IdleSources.Feed(now, _parts.Requests.LastProgress, _parts.Requests.FlightCount);
            _parts.Requests.AskTwice(now, _parts.Neighbours.All, effects);
            _parts.FillAll(now, effects);
        }

        _parts.Neighbours.TellAlive(now, effects);
        if (_parts.Counts.Tick(now) && _parts.IsStarted)
        {
            _parts.Hub.Say(now, new MemberMessage.Count(Tally), effects);
        }

        _parts.Hub.Tick(now, effects);
        _parts.Ending.Tick(now, _parts.Requests.LastProgress, _parts.Neighbours.All);
        _parts.TryEnd(now, effects);
    }
}
