using System.Collections.Immutable;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>What <c>shoal simulate edge</c> was told.</summary>
internal sealed record EdgeArguments
{
    /// <summary>The links and the capacity.</summary>
    public required EdgeShape Shape { get; init; }

    /// <summary>How many files the catalogue has.</summary>
    public required int Files { get; init; }

    /// <summary>How many clients there are; with a file of lists null, if it was not said.</summary>
    public required int? Clients { get; init; }

    /// <summary>How long a drawn list is.</summary>
    public required int PerClient { get; init; }

    /// <summary>For drawing the lists.</summary>
    public required ulong RandomSeed { get; init; }

    /// <summary>The file with the lists; null: they are drawn.</summary>
    public required string? Lists { get; init; }

    /// <summary>Whether the edges are filled before the clock starts.</summary>
    public required bool IsPrefilled { get; init; }

    /// <summary>Steps, order and limit.</summary>
    public required EdgePlanOptions Options { get; init; }

    /// <summary>The policies to run, side by side if there are several.</summary>
    public required ImmutableArray<EdgePolicy> Policies { get; init; }

    /// <summary>Whether to print JSON.</summary>
    public required bool AsJson { get; init; }

    /// <summary>Where all that happens is written; null: nowhere.</summary>
    public required string? Trace { get; init; }

    /// <summary>The folder that gets files and lists for a live run; null: none.</summary>
    public required string? Make { get; init; }

    /// <summary>Where a picture of it is written; null: nowhere.</summary>
    public required string? Gantt { get; init; }

    /// <summary>The rates, for people.</summary>
    public required TierRates Rates { get; init; }

    /// <summary>The command line that does the same again.</summary>
    public required string Replay { get; init; }
}
