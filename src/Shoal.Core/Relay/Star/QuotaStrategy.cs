using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// Strict, planned: each peer spreads its requests over the holders in proportion to what the plan gives it of each.
/// All links then fill up at the same pace, and all end together.
/// </summary>
internal sealed class QuotaStrategy(StarBoard board) : StarStrategy(board)
{
    private StarPlan _plan = new(board);

    public override void Replan() => _plan = new StarPlan(Board);

    public override bool TryChoose(StarLink requester, VirtualTime now, out StarWish wish)
    {
        StarLane? best = null;
        StarLink? holder = null;
        int peers = Board.Links.Length;
        for (int i = 1; i < peers; i++)
        {
            StarLink link = Board.Links[(requester.Index + i) % peers];
            StarLane lane = _plan.Lanes[requester.Index, link.Index];
            if (lane.IsReady && (best is null || lane.IsBehind(best)))
            {
                best = lane;
                holder = link;
            }
        }

        wish = best is null ? default : new StarWish(best.Take(), holder, now);
        return best is not null;
    }

    public override void OnFinished(StarLink link, int chunk) => _plan.HandOn(link, chunk);
}
