namespace Shoal.Core.Exchange;

/// <summary>When a swarm needs a new plan, and what the planner is told for it.</summary>
internal sealed class TrackerPlanner(SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster)
{
    /// <summary>A rate that moved by more than this part of itself asks for a new plan.</summary>
    private const double Drift = 0.1;

    /// <summary>Rates alone ask for a new plan at most this often.</summary>
    private static readonly TimeSpan DriftInterval = TimeSpan.FromSeconds(1);

    private TimeSpan _lastPlan;

    /// <summary>The plan that is followed now; null before the start.</summary>
    public DistributionPlan? Current { get; private set; }

    /// <summary>Whether a new plan is to be made.</summary>
    public bool IsDue { get; set; }

    /// <summary>Whether a member's upload capacity has become known, or moved far from what the plan took for it.</summary>
    public bool HasDrifted(TimeSpan now)
    {
        if (now - _lastPlan < DriftInterval)
        {
            return false;
        }

        foreach (TrackerMember member in roster.Present)
        {
            double? planned = member.PlannedUp;
            double? current = member.UpCapacity;
            if (current != planned
                && (current is null || planned is null || Math.Abs(current.Value - planned.Value) > Drift * planned.Value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the next plan for the members present, from what each must still upload.</summary>
    /// <returns>Whether it is another one than before.</returns>
    public bool Replan(TimeSpan now)
    {
        IsDue = false;
        _lastPlan = now;
        Dictionary<TrackerMember, double> committed = MeasureCommitments();
        var inputs = new List<PlanInput>(roster.PresentCount);
        foreach (TrackerMember member in roster.Present)
        {
            member.PlannedUp = member.UpCapacity;
            inputs.Add(new PlanInput(
                member.Id, member.PlannedUp, holdings.SoleBytesOf(member), committed.GetValueOrDefault(member),
                IsMeasured: member.Member.Capacity.Up is null));
        }

        DistributionPlan? previous = Current;
        Current = DistributionPlanner.Compute(
            (previous?.Epoch ?? 0) + 1, inputs, TypicalChunkSize(), previous: previous);
        return Current != previous;
    }

    private int TypicalChunkSize() =>
        catalog.WantedChunks == 0 ? 0 : (int)(catalog.WantedBytes / catalog.WantedChunks);

    /// <summary>
    /// Uploads that wait already: the copies still missing of chunks that several members have. They fall to the
    /// distributor under the current plan if it has the chunk, else to the holders in equal parts. In a large swarm
    /// chunks are handed on along trees at once, and what waits is small.
    /// </summary>
    private Dictionary<TrackerMember, double> MeasureCommitments()
    {
        var committed = new Dictionary<TrackerMember, double>();
        int present = roster.PresentCount;
        if (Current is null || present > DistributionPlan.MeshLimit)
        {
            return committed;
        }

        foreach (CatalogContent content in catalog.Contents)
        {
            for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
            {
                int copies = holdings.AvailabilityOf(chunk);
                if (copies >= 2 && copies < present)
                {
                    Commit(committed, content, chunk, present - copies);
                }
            }
        }

        return committed;
    }

    private void Commit(Dictionary<TrackerMember, double> committed, CatalogContent content, int chunk, int missing)
    {
        double bytes = (double)missing * catalog.LengthOf(chunk);
        TrackerMember? distributor = DistributorOf(content, chunk);
        if (distributor is not null)
        {
            committed[distributor] = committed.GetValueOrDefault(distributor) + bytes;
            return;
        }

        int holders = 0;
        foreach (TrackerMember member in roster.Present)
        {
            holders += IsForwardingHolder(member) ? 1 : 0;
        }

        foreach (TrackerMember member in roster.Present)
        {
            if (IsForwardingHolder(member))
            {
                committed[member] = committed.GetValueOrDefault(member) + (bytes / holders);
            }
        }

        bool IsForwardingHolder(TrackerMember member) => member.Has.Contains(chunk) && member.Id != content.Owner;
    }

    /// <summary>The member whom those that lack a chunk will ask for it, if it has the chunk.</summary>
    private TrackerMember? DistributorOf(CatalogContent content, int chunk)
    {
        foreach (TrackerMember member in roster.Present)
        {
            if (!member.Has.Contains(chunk))
            {
                Roster.PeerId? source = Current!.SourceFor(member.Id, catalog.RefOf(chunk), content.Owner);
                return source is { } id && roster.Find(id) is { IsPresent: true } holder && holder.Has.Contains(chunk)
                    ? holder
                    : null;
            }
        }

        return null;
    }
}
