using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>What a <see cref="StarMachine"/> wants done.</summary>
public abstract record StarEffect
{
    private StarEffect()
    {
    }

    /// <summary>
    /// Let an occupation of a link begin, and tell <c>Arrived</c> of the link when what it stands for has happened.
    /// </summary>
    /// <param name="Occupation">The occupation; it is known already when it ends.</param>
    public sealed record Begin(Occupation Occupation) : StarEffect;

    /// <summary>An occupation has ended, in virtual time.</summary>
    /// <param name="Occupation">The occupation.</param>
    public sealed record End(Occupation Occupation) : StarEffect;

    /// <summary>
    /// One upload of a chunk that came has ended its deliveries: as often as it came, it is released.
    /// </summary>
    /// <param name="Chunk">The chunk.</param>
    public sealed record Release(int Chunk) : StarEffect;

    /// <summary>A peer failed too often and is to be disconnected.</summary>
    /// <param name="Peer">The peer.</param>
    public sealed record Refuse(int Peer) : StarEffect;

    /// <summary>Everybody who is here has everything that anybody here has.</summary>
    /// <param name="Makespan">When the last occupation ended.</param>
    public sealed record Complete(VirtualTime Makespan) : StarEffect;
}
