using Shoal.Cli.Parsing;
using Shoal.Core.Edge.Tier;

namespace Shoal.Cli.Edge;

/// <summary>What <c>shoal origin</c> was told.</summary>
internal sealed record OriginArguments
{
    /// <summary>What it has in common with edges and clients.</summary>
    public required TierArguments Common { get; init; }

    /// <summary>How fast connections are; null: nobody said.</summary>
    public required TierRates? Rates { get; init; }

    /// <summary>Whether rates bound a makespan: they were said, or they make the clock.</summary>
    public bool AreRatesKnown => Rates is not null || Clock == TierClock.Virtual;

    /// <summary>How many edges to wait for.</summary>
    public required int ExpectEdges { get; init; }

    /// <summary>How many clients to wait for.</summary>
    public required int ExpectClients { get; init; }

    /// <summary>How many schedules a plan scores.</summary>
    public required int Steps { get; init; }

    /// <summary>Whose clock counts.</summary>
    public required TierClock Clock { get; init; }

    /// <summary>Whether to go on when everybody has everything.</summary>
    public required bool Stay { get; init; }

    /// <summary>The size of chunks in bytes; null: by the length of each file.</summary>
    public required int? ChunkSize { get; init; }
}
