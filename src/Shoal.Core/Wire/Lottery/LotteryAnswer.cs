using System.Collections.Immutable;

namespace Shoal.Core.Wire.Lottery;

/// <summary>What the hub answers in the text protocol: one answer for each message, in their order.</summary>
public abstract record LotteryAnswer
{
    private LotteryAnswer()
    {
    }

    /// <summary>The batch is on the disk.</summary>
    public sealed record BatchStored : LotteryAnswer;

    /// <summary>The close is on the disk.</summary>
    public sealed record Closed : LotteryAnswer;

    /// <summary>The draw is not held yet.</summary>
    public sealed record Wait : LotteryAnswer;

    /// <summary>The agency's winners.</summary>
    /// <param name="Documents">Their documents, in the order in which their bets were stored.</param>
    public sealed record Winners(ImmutableArray<string> Documents) : LotteryAnswer;

    /// <summary>Nothing changed.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refusal(string Reason) : LotteryAnswer
    {
        /// <summary>How the reason of a refusal begins that another attempt may not meet.</summary>
        public const string TryAgain = "try again later: ";

        /// <summary>Whether the same message may be taken another time.</summary>
        public bool IsPassing => Reason.StartsWith(TryAgain, StringComparison.Ordinal);
    }
}
