using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>The decisions that the model leaves open: who asks for what next, and whom the hub asks for it.</summary>
internal abstract class StarStrategy(StarBoard board)
{
    protected StarBoard Board { get; } = board;

    public static StarStrategy Of(StarBoard board) => board.Setup.Policy switch
    {
        StarPolicy.Greedy => new GreedyStrategy(board),
        StarPolicy.Rounds => new RoundsStrategy(board),
        _ when board.Setup.Mode == StarMode.FanOut => new FanOutStrategy(board),
        _ => new QuotaStrategy(board),
    };

    /// <summary>Somebody left or came back, or something failed: what was planned no longer fits.</summary>
    public virtual void Replan()
    {
    }

    /// <summary>All ends of an instant are handled, its starts are next.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>What a peer whose window has room, and whose link has room too, asks for.</summary>
    public abstract bool TryChoose(StarLink requester, VirtualTime now, out StarWish wish);

    /// <summary>Whether an upload waits for one more request, which is bound to come.</summary>
    public virtual bool Awaits(int chunk) => false;

    /// <summary>A request has arrived at the hub.</summary>
    public virtual void OnArrived(int chunk)
    {
    }

    /// <summary>A peer can serve a chunk from now on.</summary>
    public virtual void OnFinished(StarLink link, int chunk)
    {
    }
}
