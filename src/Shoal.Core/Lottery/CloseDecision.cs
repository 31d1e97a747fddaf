namespace Shoal.Core.Lottery;

/// <summary>What becomes of an agency's word that no more bets come.</summary>
public abstract record CloseDecision
{
    private CloseDecision()
    {
    }

    /// <summary>The agency is closed and the draw waits for others.</summary>
    public sealed record Close : CloseDecision;

    /// <summary>The agency is closed, as the last of the roster: the draw is held in the same transaction.</summary>
    public sealed record CloseAndHold : CloseDecision;

    /// <summary>It was closed before; nothing changes.</summary>
    public sealed record Repeated : CloseDecision;

    /// <summary>The agency stays open.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="Cause">Why, for programs.</param>
    public sealed record Refuse(string Reason, RefusalCause Cause = RefusalCause.NotFound) : CloseDecision;
}

/// <summary>What an agency says that it has brought, all told.</summary>
/// <param name="Batches">Its batches.</param>
/// <param name="Bets">Its bets.</param>
public sealed record BroughtCounts(long Batches, long Bets);
