using Shoal.Core.Time;

namespace Shoal.Core.Edge.Tier;

/// <summary>What an <see cref="EdgeTier"/> wants done.</summary>
public abstract record TierEffect
{
    private TierEffect()
    {
    }

    /// <summary>Make a plan, which may take seconds, and say <see cref="TierEvent.Planned"/>.</summary>
    /// <param name="Draft">For what.</param>
    public sealed record Plan(TierDraft Draft) : TierEffect;

    /// <summary>The first transfers begin: everybody is here who is expected, and there is a plan.</summary>
    public sealed record Started : TierEffect;

    /// <summary>Let a transfer begin.</summary>
    /// <param name="Transfer">The transfer.</param>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record Begin(TierTransfer Transfer, VirtualTime? At) : TierEffect;

    /// <summary>A transfer has ended, by the virtual clock; said only where one is kept.</summary>
    /// <param name="Transfer">The transfer.</param>
    /// <param name="At">When.</param>
    public sealed record Settled(TierTransfer Transfer, VirtualTime At) : TierEffect;

    /// <summary>Let an edge give a file up.</summary>
    /// <param name="Edge">The edge.</param>
    /// <param name="File">The file.</param>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record GiveUp(TierMember Edge, int File, VirtualTime? At) : TierEffect;

    /// <summary>Part with a member: it harms others.</summary>
    /// <param name="Member">Who.</param>
    /// <param name="Reason">Why, for people.</param>
    public sealed record PartWith(TierMember Member, string Reason) : TierEffect;

    /// <summary>The virtual clock has stopped: with these faults it means nothing any more.</summary>
    public sealed record ClockLost : TierEffect;

    /// <summary>Every client that is here has everything. It may be said again, when somebody wanted more.</summary>
    /// <param name="At">When, by the virtual clock; null: none is kept.</param>
    public sealed record Complete(VirtualTime? At) : TierEffect;
}
