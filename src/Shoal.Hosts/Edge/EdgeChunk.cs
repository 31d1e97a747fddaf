using Shoal.Core.Content;

namespace Shoal.Hosts.Edge;

/// <summary>
/// A verified chunk in memory, for whoever reads it just now. Who was given it gives it back to
/// <see cref="EdgeChunks"/>, which owns it.
/// </summary>
internal sealed class EdgeChunk(Manifest manifest, ChunkRef chunk)
{
    /// <summary>What it is a chunk of.</summary>
    public Manifest Manifest { get; } = manifest;

    public ChunkRef Chunk { get; } = chunk;

    public int Length { get; } = manifest.LengthOf(chunk.Index);

    /// <summary>Its bytes, in a pooled buffer that may be longer; null: they are not here yet.</summary>
    public byte[]? Bytes { get; set; }

    /// <summary>Whether there is room for it in memory.</summary>
    public bool HasRoom { get; set; }

    /// <summary>How many have it.</summary>
    public int Readers { get; set; }

    /// <summary>How often it was not where it was said to be.</summary>
    public int Misses { get; set; }

    /// <summary>Those who wait for it.</summary>
    public List<TaskCompletionSource<EdgeChunk>> Waiters { get; } = [];

    /// <summary>Whether nobody reads it or waits for it any more.</summary>
    public bool IsIdle => Readers == 0 && Waiters.TrueForAll(waiter => waiter.Task.IsCompleted);
}
