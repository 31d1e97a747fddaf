namespace Shoal.Core.Exchange;

/// <summary>What a <see cref="SwarmTracker"/> is told before its first event.</summary>
public sealed record SwarmTrackerOptions
{
    /// <summary>The swarm's name.</summary>
    public required string Swarm { get; init; }

    /// <summary>A member that says nothing for so long has vanished; 6 s by default.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Where declared capacities come from: declared by members (default), or simulated.</summary>
    public BoundSource DeclaredAs { get; init; } = BoundSource.Declared;
}

/// <summary>The hub's side of a swarm, as a machine: roster, start barrier, who has what, rates, plan and end.</summary>
public sealed class SwarmTracker(SwarmTrackerOptions options)
{
    /// <summary>What it was told before its first event.</summary>
    public SwarmTrackerOptions Options { get; } = options;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects) =>
        throw new NotImplementedException();
}
