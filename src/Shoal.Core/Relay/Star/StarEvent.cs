using Shoal.Core.Content;

namespace Shoal.Core.Relay.Star;

/// <summary>A fact that a <see cref="StarMachine"/> is told. Peers count from 0.</summary>
public abstract record StarEvent
{
    private StarEvent()
    {
    }

    /// <summary>All are registered: the clock starts, at 0.</summary>
    public sealed record Began : StarEvent;

    /// <summary>What the occupation of a link stands for has really happened.</summary>
    /// <param name="Link">Whose link.</param>
    public sealed record Arrived(int Link) : StarEvent;

    /// <summary>
    /// It has not: a holder sent a wrong chunk or none, or a requester could not keep what it got. The occupation
    /// ends at its time all the same, in vain.
    /// </summary>
    /// <param name="Link">Whose link.</param>
    public sealed record Failed(int Link) : StarEvent;

    /// <summary>A peer is gone, with all that it wanted and was asked for.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Left(int Peer) : StarEvent;

    /// <summary>A peer that was gone is back.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="Has">What it has of all chunks.</param>
    public sealed record Returned(int Peer, Bitfield Has) : StarEvent
    {
        /// <summary>Chunks that it neither has nor wants; null by default: none.</summary>
        public Bitfield? Unwanted { get; init; }
    }
}
