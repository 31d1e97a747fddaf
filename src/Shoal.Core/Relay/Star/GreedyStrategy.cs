using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// Everybody asks for chunks in one random order; the hub asks whoever has the least to send just now. It sees what
/// waits at this moment, and not that a slow peer's time will be short later.
/// </summary>
internal sealed class GreedyStrategy : StarStrategy
{
    private readonly int[] _order;
    private readonly int[] _next;

    public GreedyStrategy(StarBoard board)
        : base(board)
    {
        _order = [.. Enumerable.Range(0, board.ChunkCount)];
        new DeterministicRandom(board.Setup.RandomSeed).Shuffle(_order.AsSpan());
        _next = new int[board.Links.Length];
    }

    public override void Replan() => Array.Clear(_next);

    public override bool TryChoose(StarLink requester, VirtualTime now, out StarWish wish)
    {
        ref int next = ref _next[requester.Index];
        while (next < _order.Length && requester.Claimed[_order[next]])
        {
            next++;
        }

        for (int i = next; i < _order.Length; i++)
        {
            int chunk = _order[i];
            if (!requester.Claimed[chunk] && Board.LeastLoaded(chunk) is not null)
            {
                wish = new StarWish(chunk, null, now);
                return true;
            }
        }

        wish = default;
        return false;
    }
}
