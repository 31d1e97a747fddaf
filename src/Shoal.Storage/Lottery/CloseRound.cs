using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Closes that share a transaction: what they need to see of the database, what they see there, and what they change. A
/// later one sees what an earlier one does.
/// </summary>
internal sealed class CloseRound(IReadOnlyList<CloseWork> works)
{
    private readonly Dictionary<(long Draw, AgencyId Agency), AgencySnapshot> _agencies = [];
    private readonly Dictionary<long, DrawState> _states = [];
    private readonly Dictionary<long, HashSet<AgencyId>> _open =
        works.Select(work => work.Draw.Id).Distinct().ToDictionary(id => id, _ => new HashSet<AgencyId>());

    /// <summary>Whether there is nothing to close.</summary>
    public bool IsEmpty => works.Count == 0;

    /// <summary>The draws whose rows are to be locked, always in this order.</summary>
    public IEnumerable<long> Draws => _open.Keys.Order();

    /// <summary>The agencies whose rows are to be locked, always in this order.</summary>
    public IEnumerable<(long Draw, AgencyId Agency)> Agencies => works
        .Select(work => (work.Draw.Id, work.Agency)).Distinct()
        .OrderBy(one => one.Id).ThenBy(one => one.Agency.Value);

    /// <summary>
    /// Open agencies of a draw that are to be read at most. Each close takes one of them away, and two are enough to
    /// know that one is left: see <see cref="LotteryRules"/>.
    /// </summary>
    public long MostOpen => works.Count + 1;

    /// <summary>The agencies that close.</summary>
    public List<(long Draw, AgencyId Agency)> Closed { get; } = [];

    /// <summary>The draws that are held.</summary>
    public List<(long Id, DrawName Name)> Held { get; } = [];

    /// <summary>A draw's state is read; of each before the agencies.</summary>
    public void SawDraw(long draw, DrawState state) => _states[draw] = state;

    /// <summary>An agency's row is read.</summary>
    public void SawAgency(long draw, AgencySnapshot agency) =>
        _agencies[(draw, agency.Agency)] = agency with { Draw = _states[draw] };

    /// <summary>An agency that has not closed is read.</summary>
    public void SawOpen(long draw, AgencyId agency) => _open[draw].Add(agency);

    /// <summary>Decides about a close, and notes what is to be changed.</summary>
    public CloseDecision Decide(CloseWork work)
    {
        (long, AgencyId) key = (work.Draw.Id, work.Agency);
        AgencySnapshot? agency = _agencies.GetValueOrDefault(key);
        HashSet<AgencyId> open = _open[work.Draw.Id];
        CloseDecision decision = LotteryRules.Decide(agency, work.Agency, work.Counts, open);
        if (decision is CloseDecision.Close or CloseDecision.CloseAndHold)
        {
            _agencies[key] = agency! with { IsClosed = true };
            open.Remove(work.Agency);
            Closed.Add(key);
        }

        if (decision is CloseDecision.CloseAndHold)
        {
            Held.Add((work.Draw.Id, work.Name));
        }

        return decision;
    }
}
