namespace Shoal.Core.Lottery;

/// <summary>What becomes of a batch that is offered.</summary>
public abstract record BatchDecision
{
    private BatchDecision()
    {
    }

    /// <summary>It is stored under this number, whole, and then acked.</summary>
    /// <param name="Number">The number.</param>
    public sealed record Store(long Number) : BatchDecision;

    /// <summary>It is stored already, under this number: acked again and not stored again.</summary>
    /// <param name="Number">The number.</param>
    public sealed record Repeated(long Number) : BatchDecision;

    /// <summary>Nothing of it is stored.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="Cause">Why, for programs.</param>
    public sealed record Refuse(string Reason, RefusalCause Cause = RefusalCause.NotFound) : BatchDecision
    {
        /// <summary>The number that the agency's next batch must have; 0: that was not looked up.</summary>
        public long Next { get; init; }
    }
}
