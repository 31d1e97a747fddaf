using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>What an origin's run comes to: plan, bound, and what was measured.</summary>
internal sealed class OriginFigures(TierTally tally)
{
    private readonly SortedDictionary<int, OriginMember> _members = [];
    private TimeSpan _startedAt;
    private VirtualTime? _clock;

    /// <summary>What the plan promises at the given rates.</summary>
    public VirtualTime Planned { get; private set; }

    /// <summary>What no run can beat at the given rates.</summary>
    public VirtualTime Bound { get; private set; }

    public TimeSpan Makespan { get; private set; }

    public bool IsComplete { get; private set; }

    public void Name(OriginMember member) => _members[member.Id.Value] = member;

    public void Start(TimeSpan now) => _startedAt = now;

    public void Complete(TimeSpan now, VirtualTime? clock)
    {
        Makespan = now - _startedAt;
        _clock = clock;
        IsComplete = true;
    }

    /// <summary>Plans, and plays the plan to see what it promises.</summary>
    public EdgeSetup Plan(TierDraft draft, CancellationToken cancellationToken)
    {
        EdgeSetup setup = EdgePlanner.Plan(draft.Shape, draft.Demand, draft.Options, cancellationToken);
        var rehearsal = new EdgeRehearsal(setup);
        rehearsal.Begin();
        while (rehearsal.TryStep(out _))
        {
        }

        Planned = rehearsal.Now;
        EdgeBounds bounds = EdgeBounds.Of(
            draft.Shape, draft.Demand, [.. draft.Options.Prefilled.Select(edge => edge >= 0)]);
        Bound = draft.Options.Order == ListOrder.Kept ? bounds.OrderKept : bounds.OrderFree;
        return setup;
    }

    public OriginResult ToResult(bool isComplete) => new()
    {
        IsComplete = isComplete,
        Makespan = Makespan,
        Clock = _clock,
        Planned = Planned,
        LowerBound = Bound,
        OriginKb = tally.OriginKb,
        DistinctKb = tally.DistinctKb,
        Edges = [.. ByName(tally.Edges).Select(edge => new OriginEdge(
            NameOf(edge.Key), edge.Value.Hits, edge.Value.Misses, edge.Value.FilledKb, edge.Value.SentKb))],
        Clients = [.. ByName(tally.Clients).Select(client => new OriginClient(
            NameOf(client.Key), client.Value.Files, client.Value.DirectFiles, client.Value.Kb, client.Value.Finish))],
    };

    private IEnumerable<KeyValuePair<int, T>> ByName<T>(IReadOnlyDictionary<int, T> tallies) =>
        tallies.OrderBy(tally => NameOf(tally.Key), StringComparer.Ordinal);

    private string NameOf(int member) => _members.TryGetValue(member, out OriginMember? known) ? known.Name : "";
}
