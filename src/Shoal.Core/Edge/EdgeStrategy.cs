namespace Shoal.Core.Edge;

/// <summary>
/// The decisions that the model leaves open: what an edge fills, what it gives up, what goes straight.
/// </summary>
internal abstract class EdgeStrategy(EdgeBoard board)
{
    protected EdgeBoard Board { get; } = board;

    public static EdgeStrategy Of(EdgeBoard board, EdgeSetup setup) => setup.Policy switch
    {
        EdgePolicy.Planned => PlannedStrategy.Of(
            board, setup.Plan ?? throw new ArgumentException("There is no plan to follow.", nameof(setup))),
        EdgePolicy.OddEven => new OddEvenStrategy(board, setup.Limit),
        EdgePolicy.Direct => new DirectStrategy(board, setup.Limit),
        _ => new CacheStrategy(board, setup.Policy, setup.Limit),
    };

    /// <summary>Whether it matters how many direct transfers a client has in flight.</summary>
    public virtual bool CountsDirect => true;

    /// <summary>All begins anew, by another plan.</summary>
    public virtual void Restart(ReadOnlySpan<int> order, ReadOnlySpan<long> budgets)
    {
    }

    /// <summary>Whether the next file of a client, which is on no edge, is to come straight, now.</summary>
    public abstract bool GoesDirect(int client, int request, int file);

    /// <summary>Whether an edge that has the next file of a client is to send it now.</summary>
    public virtual bool MayServe(int client, int file) => true;

    /// <summary>Lets an edge that fills nothing begin a fill; whether something was decided.</summary>
    public abstract bool TryFill(int edge);

    /// <summary>A file was on an edge, or on its way there, before this machine began, and is in use.</summary>
    public virtual void OnCarried(int file)
    {
    }

    /// <summary>A file has started straight to a client.</summary>
    public virtual void OnStarted(int request, int file)
    {
    }

    /// <summary>An edge sends a file to a client.</summary>
    public virtual void OnServed(int request, int file, bool wasIdle)
    {
    }

    /// <summary>A file is on an edge, and is sent to nobody just now.</summary>
    public abstract void OnIdle(int file);
}
