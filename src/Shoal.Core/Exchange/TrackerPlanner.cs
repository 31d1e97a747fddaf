using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>When a swarm needs a new plan, and what the planner is told for it.</summary>
internal sealed class TrackerPlanner(
    SwarmTrackerOptions options, SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster)
{
    /// <summary>A rate that moved by more than this part of itself asks for a new plan.</summary>
    private const double Drift = 0.1;

    /// <summary>
    /// Rates alone ask for a new plan at most this often; in a large swarm, where a plan goes to many and moves their
    /// trees, members that come and go do not either.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Walls are found and vanish many at a time, when members come.</summary>
    private static readonly TimeSpan WallInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Up to so many members a plan around walls takes milliseconds.</summary>
    private const int SmallSwarm = 24;

    private TimeSpan _lastPlan;

    /// <summary>The plan that is followed now; null before the start.</summary>
    public DistributionPlan? Current { get; private set; }

    /// <summary>Whether a new plan is to be made.</summary>
    public bool IsDue { get; set; }

    /// <summary>Whether others can reach each other than the plan takes it.</summary>
    public bool HaveWallsChanged { get; set; }

    /// <summary>Whether it may be made now.</summary>
    public bool IsTime(TimeSpan now) =>
        roster.PresentCount <= DistributionPlan.MeshLimit || now - _lastPlan >= Interval;

    /// <summary>
    /// Whether a member's upload capacity has become known, or moved far from what the plan took for it, or whether
    /// others can reach each other than it took.
    /// </summary>
    public bool HasDrifted(TimeSpan now)
    {
        if (HaveWallsChanged && now - _lastPlan >= (roster.PresentCount > SmallSwarm ? Interval : WallInterval))
        {
            return true;
        }

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
        HaveWallsChanged = false;
        _lastPlan = now;
        PendingUploads pending = PendingUploads.Measure(catalog, holdings, roster);
        var inputs = new List<PlanInput>(roster.PresentCount);
        foreach (TrackerMember member in roster.Present)
        {
            member.PlannedUp = member.UpCapacity;
            inputs.Add(new PlanInput(
                member.Id, member.PlannedUp, pending.SoleOf(member), pending.CommittedOf(member),
                IsMeasured: member.IsUpMeasured, UnreachableFrom(member)));
        }

        AddHub(inputs);
        DistributionPlan? previous = Current;
        Current = DistributionPlanner.Compute(
            (previous?.Epoch ?? 0) + 1, inputs, TypicalChunkSize(), previous: previous);
        return Current != previous;
    }

    /// <summary>
    /// Whom a member cannot reach. In a large swarm it tries few of the others, and only what it said counts: who uses
    /// the relay for everything has no place in a tree that would suit it better.
    /// </summary>
    private ImmutableArray<PeerId> UnreachableFrom(TrackerMember member) =>
        roster.PresentCount <= DistributionPlan.MeshLimit
            ? [.. roster.Present.Where(other => TrackerReach.IsWalled(member, other)).Select(other => other.Id)]
            : member.Member.Relay == RelayUse.Always
            ? []
            : [.. member.Reach.Where(said => said.Value == Reachability.Unreachable
                    && roster.Find(said.Key) is { IsPresent: true, Member.Relay: not RelayUse.Always } other
                    && TrackerReach.IsWalled(member, other))
                .Select(said => said.Key)];

    /// <summary>
    /// A hub that lends its uplink gets a chunk once and sends it to one more than a peer would: to all but its owner.
    /// What part of the work it takes is known once all capacities are.
    /// </summary>
    private void AddHub(List<PlanInput> inputs)
    {
        bool isMesh = inputs.Count is > 2 and <= DistributionPlan.MeshLimit;
        if (options.LentRate > 0 && isMesh && inputs.TrueForAll(input => input.Up > 0))
        {
            double up = options.LentRate * (inputs.Count - 2) / (inputs.Count - 1);
            inputs.Add(new PlanInput(PeerId.Relay, up, 0, 0));
        }
    }

    private int TypicalChunkSize() =>
        catalog.WantedChunks == 0 ? 0 : (int)(catalog.WantedBytes / catalog.WantedChunks);
}
