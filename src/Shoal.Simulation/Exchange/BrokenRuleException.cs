using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>A checker found that the simulated machines broke a rule.</summary>
/// <param name="time">When.</param>
/// <param name="rule">What happened, in a sentence.</param>
public sealed class BrokenRuleException(VirtualTime time, string rule) : Exception($"At {time}: {rule}")
{
    /// <summary>When it happened.</summary>
    public VirtualTime Time { get; } = time;
}
