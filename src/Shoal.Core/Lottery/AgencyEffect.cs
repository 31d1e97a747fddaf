using System.Collections.Immutable;

namespace Shoal.Core.Lottery;

/// <summary>What an agency wants done.</summary>
public abstract record AgencyEffect
{
    private AgencyEffect()
    {
    }

    /// <summary>
    /// Get in touch with the hub: <see cref="AgencyEvent.Connected"/> or <see cref="AgencyEvent.Lost"/>.
    /// </summary>
    public sealed record Connect : AgencyEffect;

    /// <summary>Leave the hub alone; nothing that it still says counts.</summary>
    public sealed record Disconnect : AgencyEffect;

    /// <summary>Read from the beginning again, but skip what the hub has.</summary>
    /// <param name="Bets">Good bets to skip.</param>
    public sealed record Rewind(long Bets) : AgencyEffect;

    /// <summary>
    /// Read the next batch: <see cref="AgencyEvent.BatchRead"/> or <see cref="AgencyEvent.SourceEnded"/>.
    /// </summary>
    public sealed record ReadBatch : AgencyEffect;

    /// <summary>Send the batch that was read last.</summary>
    /// <param name="Number">Its number, from 1.</param>
    public sealed record SendBatch(long Number) : AgencyEffect;

    /// <summary>Say that no more bets come.</summary>
    /// <param name="Counts">What was brought.</param>
    public sealed record SendClose(BroughtCounts Counts) : AgencyEffect;

    /// <summary>Ask for the winners.</summary>
    public sealed record AskWinners : AgencyEffect;

    /// <summary>Say <see cref="AgencyEvent.Woken"/> after a time; a wait that is under way is forgotten.</summary>
    /// <param name="Time">The time.</param>
    public sealed record Wait(TimeSpan Time) : AgencyEffect;

    /// <summary>Tell people that something failed and is tried again.</summary>
    /// <param name="Reason">What failed.</param>
    /// <param name="Pause">When it is tried again.</param>
    public sealed record TellPause(string Reason, TimeSpan Pause) : AgencyEffect;

    /// <summary>The work is done.</summary>
    /// <param name="Documents">The documents of the agency's winners.</param>
    public sealed record Finish(ImmutableArray<string> Documents) : AgencyEffect;

    /// <summary>The work cannot be done.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record GiveUp(string Reason) : AgencyEffect;
}
