using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>What an origin's run came to. One kb is 1000 bits.</summary>
public sealed record OriginResult
{
    /// <summary>Whether every client that was there got everything.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>From the start to the last client's last file, on the wall's clock.</summary>
    public required TimeSpan Makespan { get; init; }

    /// <summary>The same by the virtual clock; null: none was kept to the end.</summary>
    public required VirtualTime? Clock { get; init; }

    /// <summary>What the plan at the start promised, at the rates that were given.</summary>
    public required VirtualTime Planned { get; init; }

    /// <summary>What no run of what was wanted at the start can beat at these rates.</summary>
    public required VirtualTime LowerBound { get; init; }

    /// <summary>What left the origin.</summary>
    public required long OriginKb { get; init; }

    /// <summary>All files that somebody wanted, each once.</summary>
    public required long DistinctKb { get; init; }

    /// <summary>What every edge did.</summary>
    public required ImmutableArray<OriginEdge> Edges { get; init; }

    /// <summary>What every client got.</summary>
    public required ImmutableArray<OriginClient> Clients { get; init; }
}

/// <summary>What an edge did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hits">Files that it could serve again.</param>
/// <param name="Misses">Files for which it made a fill.</param>
/// <param name="FilledKb">What it received.</param>
/// <param name="SentKb">What it sent.</param>
public sealed record OriginEdge(string Name, int Hits, int Misses, long FilledKb, long SentKb);

/// <summary>What a client got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">How many files.</param>
/// <param name="DirectFiles">How many of them came straight.</param>
/// <param name="Kb">How much.</param>
/// <param name="Finish">When the last one had ended, by the virtual clock; null: none was kept.</param>
public sealed record OriginClient(string Name, int Files, int DirectFiles, long Kb, VirtualTime? Finish);
