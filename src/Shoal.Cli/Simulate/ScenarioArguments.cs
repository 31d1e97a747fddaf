using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>What <c>shoal simulate exchange</c> and <c>shoal bound</c> were told.</summary>
internal sealed record ScenarioArguments
{
    /// <summary>The exchange; its policy is the first of <see cref="Policies"/>.</summary>
    public required ExchangeScenario Scenario { get; init; }

    /// <summary>The policies to run, side by side if there are several.</summary>
    public required ImmutableArray<PickPolicy> Policies { get; init; }

    /// <summary>The names of the sites, by their index in the scenario.</summary>
    public required ImmutableArray<string> SiteNames { get; init; }

    /// <summary>Whether to print JSON.</summary>
    public required bool AsJson { get; init; }

    /// <summary>The scenario in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The command line that does the same again.</summary>
    public required string Replay { get; init; }

    /// <summary>What the bounds are computed from, the hub included.</summary>
    public SwarmShape Shape => Scenario.Shape;

    /// <summary>The least makespan that the links allow.</summary>
    public BoundResult Bound => Scenario.Bound;
}
