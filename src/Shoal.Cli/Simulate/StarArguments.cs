using System.Collections.Immutable;
using Shoal.Core.Relay.Star;

namespace Shoal.Cli.Simulate;

/// <summary>What <c>shoal simulate relay</c> was told.</summary>
internal sealed record StarArguments
{
    /// <summary>Links and files.</summary>
    public required StarShape Shape { get; init; }

    /// <summary>The policies to run, side by side if there are several.</summary>
    public required ImmutableArray<StarPolicy> Policies { get; init; }

    public required ulong RandomSeed { get; init; }

    /// <summary>Whether to print JSON.</summary>
    public required bool AsJson { get; init; }

    /// <summary>The file that gets every occupation of a link, if any.</summary>
    public required string? TraceFile { get; init; }

    /// <summary>The file that gets a picture, if any.</summary>
    public required string? GanttFile { get; init; }

    /// <summary>A trace to judge instead of a run, if any.</summary>
    public required string? CheckFile { get; init; }

    /// <summary>The star in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The command line that does the same again.</summary>
    public required string Replay { get; init; }
}
