namespace Shoal.Core.Edge;

/// <summary>What a fact is about.</summary>
public enum EdgeEventKind
{
    /// <summary>All lists are known and the clock starts.</summary>
    Began,

    /// <summary>All of a transfer has arrived.</summary>
    Ended,
}

/// <summary>A fact that an <see cref="EdgeMachine"/> is told.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Transfer">The transfer; default: none.</param>
public readonly record struct EdgeEvent(EdgeEventKind Kind, EdgeTransfer Transfer)
{
    /// <summary>All lists are known and the clock starts.</summary>
    public static readonly EdgeEvent Began = new(EdgeEventKind.Began, default);

    /// <summary>All of a transfer has arrived.</summary>
    public static EdgeEvent Ended(EdgeTransfer transfer) => new(EdgeEventKind.Ended, transfer);
}
