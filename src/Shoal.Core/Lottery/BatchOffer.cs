namespace Shoal.Core.Lottery;

/// <summary>A batch that an agency brings.</summary>
/// <param name="Agency">Who brings it; each of its bets is of this agency.</param>
/// <param name="Identity">How it is told whether it was brought before.</param>
/// <param name="Hash">Its content.</param>
/// <param name="Rows">Its bets.</param>
public sealed record BatchOffer(AgencyId Agency, BatchIdentity Identity, BatchHash Hash, BatchRows Rows);

/// <summary>How a batch is told from the others of its agency.</summary>
public abstract record BatchIdentity
{
    private BatchIdentity()
    {
    }

    /// <summary>By the number that its agency gave it, from 1.</summary>
    /// <param name="Number">The number.</param>
    public sealed record Numbered(long Number) : BatchIdentity;

    /// <summary>
    /// The first batch of a conversation without numbers. It may be the beginning of a replay: then it repeats the
    /// earliest stored batch that equals it.
    /// </summary>
    public sealed record First : BatchIdentity;

    /// <summary>It comes next in a replay: it may repeat the stored batch of this number.</summary>
    /// <param name="Number">The number.</param>
    public sealed record InReplay(long Number) : BatchIdentity;

    /// <summary>
    /// It comes after the replay: it is new, whatever it equals. But a conversation may be dead and not know it, with
    /// messages on their way still, while the agency says the same again in the next: those are not new.
    /// </summary>
    /// <param name="After">
    /// The agency's last batch as this conversation knows; where another has stored more, the batch is refused. Null:
    /// that is not asked.
    /// </param>
    public sealed record New(long? After = null) : BatchIdentity;
}
