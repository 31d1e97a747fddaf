using System.Collections.Immutable;

namespace Shoal.Core.Lottery;

/// <summary>What can happen to an agency.</summary>
public abstract record AgencyEvent
{
    private AgencyEvent()
    {
    }

    /// <summary>It starts.</summary>
    public sealed record Begun : AgencyEvent;

    /// <summary>The hub can be spoken to.</summary>
    /// <param name="Stored">What the hub has of this agency; null: the protocol does not tell.</param>
    public sealed record Connected(BroughtCounts? Stored) : AgencyEvent;

    /// <summary>The hub cannot be spoken to, or no longer; what was in flight may have arrived or not.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Lost(string Reason) : AgencyEvent;

    /// <summary>The batch that was asked for is read.</summary>
    /// <param name="Bets">Its bets, at least one.</param>
    public sealed record BatchRead(int Bets) : AgencyEvent;

    /// <summary>There is no further batch.</summary>
    public sealed record SourceEnded : AgencyEvent;

    /// <summary>The hub has a batch on its disk.</summary>
    /// <param name="Number">The batch's number.</param>
    public sealed record BatchStored(long Number) : AgencyEvent;

    /// <summary>The hub has noted that no more bets come.</summary>
    public sealed record CloseNoted : AgencyEvent;

    /// <summary>The draw is not held yet.</summary>
    public sealed record NotYet : AgencyEvent;

    /// <summary>The draw is held.</summary>
    /// <param name="Documents">The documents of the agency's winners.</param>
    public sealed record WinnersTold(ImmutableArray<string> Documents) : AgencyEvent;

    /// <summary>The hub refused what it was told, and would again.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Reason) : AgencyEvent;

    /// <summary>The wait is over.</summary>
    public sealed record Woken : AgencyEvent;
}
