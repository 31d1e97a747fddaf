using System.Collections.Immutable;

namespace Shoal.Storage;

/// <summary>How a <see cref="SwarmFolder"/> is opened.</summary>
public sealed record SwarmFolderOptions
{
    /// <summary>The target folder; made if it is absent.</summary>
    public required string Path { get; init; }

    /// <summary>The name under which the own entries are shared: this peer's, for people.</summary>
    public required string PeerName { get; init; }

    /// <summary>
    /// The chunk size for own files, in bytes; null by default: chosen for each file by its length.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>Which own files and folders are not shared, as globs; none by default.</summary>
    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>How many threads hash; by default one a core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How many files stay open for chunks to come and go; 256 by default.</summary>
    public int MostOpenFiles { get; init; } = 256;

    /// <summary>
    /// Names the time since the machine started. After a different one, bytes that were not yet on the disk
    /// may be gone, so they are hashed again. Empty where that cannot be known; by default, what the system
    /// says.
    /// </summary>
    public string BootId { get; init; } = Storage.BootId.Read();
}
