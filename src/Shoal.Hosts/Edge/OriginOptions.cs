using Shoal.Core.Edge.Tier;

namespace Shoal.Hosts.Edge;

/// <summary>What an origin is told.</summary>
public sealed record OriginOptions : TierHostOptions
{
    /// <summary>How the tier is run.</summary>
    public required TierOptions Run { get; init; }

    /// <summary>Whether it goes on when everybody has everything; false by default.</summary>
    public bool Stay { get; init; }

    /// <summary>
    /// A file that changed is read again when it has looked the same for so long, an empty one when it is still empty
    /// after twenty times that; a quarter of a second by default.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>The chunk size in bytes; null by default: by the length of each file.</summary>
    public int? ChunkSize { get; init; }
}
