using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>The peers that this one is connected with: who has what, who hangs, who is banned.</summary>
internal sealed class PeerNeighbours(
    PeerChunks chunks, PeerLeftovers leftovers, ChunkPicker picker, PeerRequests requests,
        PeerUploads uploads, PeerRoster roster,
    Dictionary<PeerId, Neighbour> connected)
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<PeerId, TimeSpan> _away = [];

    /// <summary>How many chunks with a wrong hash each has sent, over all its connections.</summary>
    private readonly Dictionary<PeerId, int> _blamed = [];

    public IReadOnlyCollection<Neighbour> All => connected.Values;

    /// <summary>All of them but the relay.</summary>
    public IEnumerable<Neighbour> Peers => connected.Values.Where(neighbour => !neighbour.IsRelay);

    public Neighbour? Find(PeerId peer) => connected.GetValueOrDefault(peer);

    public void Connected(TimeSpan now, PeerId peer, IList<SwarmPeerEffect> effects)
    {
        Lost(now, peer);
        _away.Remove(peer);
        picker.Abandoned.Remove(peer);
        var neighbour = new Neighbour(peer, now)
        {
            CorruptChunks = _blamed.GetValueOrDefault(peer),
            Lanes = peer == PeerId.Relay ? new RelayLanes(chunks.Catalog) : null,
        };
        connected.Add(peer, neighbour);
        if (neighbour.IsRelay)
        {
            return; // The hub is told in its own words.
        }

        neighbour.Say(now, new PeerMessage.Hold([.. chunks.AllHoldings(), .. leftovers.Holdings]), effects);
    }

    /// <summary>The hub is there, and with it the relay.</summary>
    public void HeardRelay(TimeSpan now)
    {
        if (Find(PeerId.Relay) is { } relay)
        {
            relay.LastHeard = now;
        }
    }

    /// <summary>A connection is down; false if there was none.</summary>
    public bool Lost(TimeSpan now, PeerId peer)
    {
        if (!connected.Remove(peer, out Neighbour? neighbour))
        {
            return false;
        }

        _away[peer] = now;
        _blamed[peer] = neighbour.CorruptChunks;
        requests.DropAll(neighbour);
        uploads.Forget(neighbour);
        for (int chunk = neighbour.Has.NextFrom(0); chunk >= 0; chunk = neighbour.Has.NextFrom(chunk + 1))
        {
            chunks.RemoveHolder(chunk);
        }

        roster.RememberHoldings(peer, neighbour.Has);
        picker.Rebuild();
        return true;
    }

    public void Disconnect(
        TimeSpan now, Neighbour neighbour, DisconnectReason reason, IList<SwarmPeerEffect> effects)
    {
        if (!neighbour.IsRelay)
        {
            effects.Add(new SwarmPeerEffect.Disconnect(neighbour.Id, reason));
        }

        Lost(now, neighbour.Id);
    }

    /// <summary>Takes in announcements; returns why the neighbour is to be disconnected, null if all is well.</summary>
    public DisconnectReason? Have(Neighbour neighbour, ImmutableArray<ChunkRef> have)
    {
        foreach (ChunkRef chunk in have)
        {
            if (chunks.Catalog.Find(chunk.Content) is not { } content)
            {
                // News from a neighbour may overtake the hub's; it is kept until the hub describes the content.
                if (neighbour.EarlyHaves.Count < SwarmPeer.MostEarlyHaves)
                {
                    neighbour.EarlyHaves.Add(chunk);
                }
            }
            else if (content.Manifest.Layout.Contains(chunk.Index))
            {
                Gain(neighbour, content.FirstChunk + chunk.Index.Value);
            }
            else
            {
                return DisconnectReason.NoSuchChunk;
            }
        }

        return null;
    }

    /// <summary>Takes in bitfields; returns why the neighbour is to be disconnected, null if all is well.</summary>
    public DisconnectReason? Hold(Neighbour neighbour, ImmutableArray<Holding> holdings)
    {
        foreach (Holding holding in holdings)
        {
            if (chunks.Catalog.Find(holding.Content) is { } content)
            {
                if (!TakeHolding(neighbour, content, holding.Chunks))
                {
                    return DisconnectReason.WrongBitfield;
                }
            }
            else if (neighbour.Early.Count < SwarmTracker.MostContents)
            {
                neighbour.Early[holding.Content] = holding.Chunks;
            }
        }

        return null;
    }

    /// <summary>The hub described contents: what neighbours said of them before counts now.</summary>
    public void Described(TimeSpan now, List<CatalogContent> contents, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in connected.Values.ToArray())
        {
            DisconnectReason? reason = null;
            foreach (CatalogContent content in contents)
            {
                if (neighbour.Early.Remove(content.Id, out Bitfield? bits) && !TakeHolding(neighbour, content, bits))
                {
                    reason = DisconnectReason.WrongBitfield;
                }
            }

            ImmutableArray<ChunkRef> early = [.. neighbour.EarlyHaves];
            neighbour.EarlyHaves.Clear();
            reason ??= Have(neighbour, early);
            if (reason is not null)
            {
                Disconnect(now, neighbour, reason.Value, effects);
            }
        }
    }

    public void Declined(Neighbour neighbour, ImmutableArray<ChunkRef> declined)
    {
        foreach (ChunkRef name in declined)
        {
            int chunk = chunks.Catalog.NumberOf(name);
            if (chunk >= 0 && neighbour.Has.Remove(chunk))
            {
                chunks.RemoveHolder(chunk);
                requests.Drop(neighbour, chunk);
                picker.OfferAgain(chunk);
            }
        }
    }

    /// <summary>
    /// A content is wanted no longer: nothing is asked of it any more. If its file was here, the neighbours must know
    /// that it cannot be asked here either.
    /// </summary>
    public void Withdraw(TimeSpan now, CatalogContent content, bool wasHere, IList<SwarmPeerEffect> effects)
    {
        PeerMessage.Decline? decline = null;
        foreach (Neighbour neighbour in connected.Values)
        {
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                requests.Drop(neighbour, chunk);
                neighbour.WantedSet.Remove(chunk);
            }

            if (wasHere)
            {
                decline ??= new PeerMessage.Decline([.. Enumerable.Range(0, content.ChunkCount)
                    .Select(index => new ChunkRef(content.Id, new ChunkIndex(index)))]);
                neighbour.Say(now, decline, effects);
            }
        }
    }

    /// <summary>Gives up on sources of the plan that hang or have been away for too long.</summary>
    public void Abandon(TimeSpan now)
    {
        int before = picker.Abandoned.Count;
        foreach (Neighbour neighbour in connected.Values)
        {
            // A relay that hangs goes with the hub's connection, and with it what it had.
            if (neighbour.IsSilent(now) && !neighbour.IsRelay)
            {
                picker.Abandoned.Add(neighbour.Id);
            }
        }

        foreach ((PeerId peer, TimeSpan since) in _away)
        {
            if (now - since > SwarmPeer.SilenceLimit)
            {
                picker.Abandoned.Add(peer);
            }
        }

        if (picker.Abandoned.Count != before)
        {
            picker.Rebuild();
        }
    }

    public void TellAlive(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in connected.Values)
        {
            if (!neighbour.IsRelay && now - neighbour.LastTold >= AliveInterval)
            {
                neighbour.Say(now, new PeerMessage.Alive(), effects);
            }
        }
    }

    private bool TakeHolding(Neighbour neighbour, CatalogContent content, Bitfield bits)
    {
        if (bits.Count != content.ChunkCount)
        {
            return false;
        }

        for (int i = 0; i < content.ChunkCount; i++)
        {
            if (bits[i])
            {
                Gain(neighbour, content.FirstChunk + i);
            }
        }

        return true;
    }

    private void Gain(Neighbour neighbour, int chunk)
    {
        if (neighbour.Has.Add(chunk))
        {
            chunks.AddHolder(chunk);
            picker.Offer(neighbour, chunk);
        }
    }
}
