namespace Shoal.Core.Exchange;

/// <summary>The peer's side of a swarm, as a machine: what to request from whom, what to announce, whom to blame.</summary>
public sealed class SwarmPeer(SwarmPeerOptions options)
{
    /// <summary>What it was told before its first event.</summary>
    public SwarmPeerOptions Options { get; } = options;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmPeerEvent @event, IList<SwarmPeerEffect> effects) =>
        throw new NotImplementedException();
}
