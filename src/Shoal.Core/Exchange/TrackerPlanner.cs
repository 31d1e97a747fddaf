namespace Shoal.Core.Exchange;

/// <summary>When a swarm needs a new plan, and what the planner is told for it.</summary>
internal sealed class TrackerPlanner(SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster)
{
    /// <summary>A rate that moved by more than this part of itself asks for a new plan.</summary>
    private const double Drift = 0.1;

    /// <summary>
    /// Rates alone ask for a new plan at most this often; in a large swarm, where a plan goes to many and moves their
    /// trees, members that come and go do not either.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TimeSpan _lastPlan;

    /// <summary>The plan that is followed now; null before the start.</summary>
    public DistributionPlan? Current { get; private set; }

    /// <summary>Whether a new plan is to be made.</summary>
    public bool IsDue { get; set; }

    /// <summary>Whether it may be made now.</summary>
    public bool IsTime(TimeSpan now) =>
        roster.PresentCount <= DistributionPlan.MeshLimit || now - _lastPlan >= Interval;

    /// <summary>
    /// Whether a member's upload capacity has become known, or moved far from what the plan took for it.
    /// </summary>
    public bool HasDrifted(TimeSpan now)
    {
        if (now - _lastPlan < Interval)
        {
            return false;
        }

        foreach (TrackerMember member in roster.Present)
        {
            double? planned = member.PlannedUp;
            double? current = member.UpCapacity;
            if (current != planned
                && (current is null || planned is null
                    || Math.Abs(current.Value - planned.Value) > Drift * planned.Value))
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
        PendingUploads pending = PendingUploads.Measure(catalog, holdings, roster);
        var inputs = new List<PlanInput>(roster.PresentCount);
        foreach (TrackerMember member in roster.Present)
        {
            member.PlannedUp = member.UpCapacity;
            inputs.Add(new PlanInput(
                member.Id, member.PlannedUp, pending.SoleOf(member), pending.CommittedOf(member),
                IsMeasured: member.Member.Capacity.Up is null));
        }

        DistributionPlan? previous = Current;
        Current = DistributionPlanner.Compute(
            (previous?.Epoch ?? 0) + 1, inputs, TypicalChunkSize(), previous: previous);
        return Current != previous;
    }

    private int TypicalChunkSize() =>
        catalog.WantedChunks == 0 ? 0 : (int)(catalog.WantedBytes / catalog.WantedChunks);
}
