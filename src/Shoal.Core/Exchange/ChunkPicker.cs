using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// Decides which missing chunk is asked of which neighbour. By plan: what this peer hands on, from its owner (or from
/// anybody else who has it by now); everything else from its distributor. A chunk that only its owner has is left to
/// its distributor as long as that one is there, so that a slow owner uploads each byte once.
/// </summary>
internal sealed class ChunkPicker(
    PeerId self, PickPolicy policy, PeerChunks chunks, Dictionary<PeerId, Neighbour> neighbours,
    DeterministicRandom random)
{
    private readonly RarestFirst _rarest = new(chunks, random);

    /// <summary>The plan that is followed; null before the first one.</summary>
    public DistributionPlan? Plan { get; set; }

    /// <summary>Whom this peer can reach.</summary>
    public PeerReach? Reach { get; set; }

    /// <summary>Sources of the plan that hang or have been away for too long: their chunks are anybody's.</summary>
    public HashSet<PeerId> Abandoned { get; } = [];

    /// <summary>A neighbour has a chunk from now on: queue it there if it is to be asked there.</summary>
    public void Offer(Neighbour neighbour, int chunk)
    {
        if (policy != PickPolicy.Rarest && chunks.IsUnasked(chunk) && Accepts(neighbour, chunk, out bool isFirst))
        {
            neighbour.Queue(chunk, isFirst);
        }
    }

    /// <summary>A chunk that was asked for has not come: queue it again wherever it is.</summary>
    public void OfferAgain(int chunk)
    {
        foreach (Neighbour neighbour in neighbours.Values)
        {
            if (neighbour.Has.Contains(chunk))
            {
                Offer(neighbour, chunk);
            }
        }
    }

    /// <summary>Queues everything anew: the plan, an owner or the neighbours changed.</summary>
    public void Rebuild()
    {
        foreach (Neighbour neighbour in neighbours.Values)
        {
            neighbour.FirstPicks.Clear();
            neighbour.Picks.Clear();
            neighbour.Lanes?.Clear();
        }

        if (policy == PickPolicy.Rarest || (policy == PickPolicy.Planned && Plan is null))
        {
            return;
        }

        foreach (CatalogContent content in chunks.Catalog.Contents)
        {
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                if (chunks.IsUnasked(chunk) && chunks.AvailabilityOf(chunk) > 0)
                {
                    OfferAgain(chunk);
                }
            }
        }
    }

    /// <summary>Takes the next chunk to ask of a neighbour.</summary>
    public bool TryPick(TimeSpan now, Neighbour neighbour, out int chunk)
    {
        if (policy == PickPolicy.Rarest)
        {
            return _rarest.TryPick(neighbour, out chunk);
        }

        while (neighbour.FirstPicks.TryDequeue(out chunk))
        {
            if (IsOpen(neighbour, chunk) && !IsForAnother(now, neighbour, chunk))
            {
                return true;
            }
        }

        while (neighbour.Picks.TryDequeue(out chunk))
        {
            if (IsOpen(neighbour, chunk) && (policy == PickPolicy.Direct || IsBest(neighbour, chunk)))
            {
                return true;
            }
        }

        return neighbour.Lanes is { } lanes && TryPickFrom(lanes, neighbour, out chunk);
    }

    private bool TryPickFrom(RelayLanes lanes, Neighbour relay, out int chunk)
    {
        while (lanes.TryTake(out chunk))
        {
            if (IsOpen(relay, chunk) && (policy == PickPolicy.Direct || IsBest(relay, chunk)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Another neighbour that has the chunk and answers: the one with the least before it, the owner last.
    /// </summary>
    public Neighbour? OtherHolder(TimeSpan now, Neighbour except, int chunk)
    {
        Neighbour? best = null;
        PeerId? owner = chunks.Catalog.ContentOf(chunk).Owner;
        foreach (Neighbour other in neighbours.Values)
        {
            if (other == except || !other.Has.Contains(chunk) || other.IsSilent(now) || other.IsDoubtful
                || other.Flights.ContainsKey(chunk))
            {
                continue;
            }

            if (best is null || best.Id == owner || (other.Id != owner && other.FlightBytes < best.FlightBytes))
            {
                best = other;
            }
        }

        return best;
    }

    /// <summary>Whether by plan an owner's chunks leave it once, and others distribute them.</summary>
    public bool IsSpared(PeerId owner) => policy == PickPolicy.Planned && Plan?.IsSpared(owner) == true;

    /// <summary>
    /// Whose request for a chunk may be taken back: the owner need not send again what has come to somebody no slower
    /// by an earlier plan. Null: nobody's.
    /// </summary>
    public Neighbour? FindSpared(TimeSpan now, int chunk) =>
        chunks.AskedCount(chunk) > 0 && chunks.Catalog.ContentOf(chunk).Owner is { } owner
        && neighbours.GetValueOrDefault(owner) is { } asked && asked.Flights.ContainsKey(chunk)
        && IsSpared(owner) && IsForAnother(now, asked, chunk) ? asked : null;

    /// <summary>Whether a missing chunk is to be asked of a neighbour that has it.</summary>
    private bool Accepts(Neighbour neighbour, int chunk, out bool isFirst)
    {
        CatalogContent content = chunks.Catalog.ContentOf(chunk);
        isFirst = false;
        if (policy == PickPolicy.Direct)
        {
            return content.Owner is null || content.Owner == neighbour.Id
                || (neighbour.IsRelay && !neighbours.ContainsKey(content.Owner.Value));
        }

        if (Plan is null)
        {
            return false;
        }

        Content.ChunkRef name = chunks.Catalog.RefOf(chunk);
        PeerId? owner = PresentOwner(content);
        PeerId? source = Plan.SourceFor(self, name, owner);
        isFirst = Plan.IsForwarder(self, name, owner);
        if (source is null && neighbour.IsRelay && owner is { } hoped)
        {
            return !neighbours.ContainsKey(hoped) && Reach?.IsHopeful(hoped) != true;
        }

        if (source is null || source == neighbour.Id)
        {
            return true;
        }

        Neighbour? preferred = neighbours.GetValueOrDefault(source.Value);
        bool isAbandoned = Abandoned.Contains(source.Value) || preferred is { IsBanned: true };
        bool isCutOff = preferred is null && Reach is not null && !Reach.IsHopeful(source.Value);
        if (neighbour.IsRelay)
        {
            // Who can be reached brings it sooner or later, and spares the hub.
            return isAbandoned || (isCutOff && (owner is null || !neighbours.ContainsKey(owner.Value)));
        }

        if (neighbour.Id == owner || Plan.TreeCount > 0)
        {
            return isAbandoned || (isCutOff && neighbour.Id == owner);
        }

        return isFirst || isAbandoned || preferred is null or { IsDoubtful: true } || !preferred.Has.Contains(chunk);
    }

    /// <summary>
    /// An owner need not send a chunk again that somebody no slower has by now, and was queued for. Along
    /// trees chunks are queued for one neighbour only, whoever else has them.
    /// </summary>
    private bool IsForAnother(TimeSpan now, Neighbour neighbour, int chunk) =>
        policy == PickPolicy.Planned && Plan is { TreeCount: 0 } && IsOwner(neighbour, chunk)
        && OtherHolder(now, neighbour, chunk) is { IsRelay: false } other
        && (other.Rate.Value == 0 || other.Rate.Value >= neighbour.Rate.Value / 2);

    /// <summary>Whether nobody better has come to have a queued chunk.</summary>
    private bool IsBest(Neighbour neighbour, int chunk)
    {
        CatalogContent content = chunks.Catalog.ContentOf(chunk);
        Neighbour? source = SourceOf(chunk, content);
        return source is null || source == neighbour || source.IsDoubtful || Abandoned.Contains(source.Id)
            || !source.Has.Contains(chunk) || source.Id == content.Owner;
    }

    /// <summary>The neighbour that the plan wants to bring a chunk; null: it is not connected.</summary>
    public Neighbour? SourceOf(int chunk, CatalogContent content) =>
        Plan?.SourceFor(self, chunks.Catalog.RefOf(chunk), PresentOwner(content)) is { } source
            ? neighbours.GetValueOrDefault(source)
            : null;

    /// <summary>
    /// The owner, if the plan can count on it. Trees lead to an owner who is no neighbour, too, and so do plans that
    /// know who cannot reach whom.
    /// </summary>
    private PeerId? PresentOwner(CatalogContent content) =>
        content.Owner is { } owner
        && (Plan?.TreeCount > 0 || neighbours.ContainsKey(owner) || Reach?.IsHopeful(owner) == true
            || Plan?.HasWall(self, owner) == true) ? owner : null;

    private bool IsOwner(Neighbour neighbour, int chunk) => chunks.Catalog.ContentOf(chunk).Owner == neighbour.Id;

    private bool IsOpen(Neighbour neighbour, int chunk) => chunks.IsOpenAt(neighbour, chunk);
}
