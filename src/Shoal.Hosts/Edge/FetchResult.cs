using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>What a client's run came to.</summary>
public sealed record FetchResult
{
    /// <summary>Files that came or were here already, with the names that they have here.</summary>
    public required ImmutableArray<FetchedFile> Files { get; init; }

    /// <summary>Names that the origin does not have.</summary>
    public required ImmutableArray<EntryName> Unknown { get; init; }

    /// <summary>Names of files that did not come to their end.</summary>
    public required ImmutableArray<EntryName> Missing { get; init; }

    /// <summary>Whether the list was read to its end; what was not read is not among the missing.</summary>
    public bool IsListRead { get; init; }

    /// <summary>How long it took, from the first file on its way to the last one here.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>A file that a client has.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="From">Who sent it: <c>origin</c> or an edge's name; empty: it was here.</param>
/// <param name="Time">How long after the first order all of it was here.</param>
/// <param name="Clock">The same by the virtual clock; null: none is kept.</param>
public sealed record FetchedFile(EntryName Name, long Bytes, string From, TimeSpan Time, VirtualTime? Clock);
