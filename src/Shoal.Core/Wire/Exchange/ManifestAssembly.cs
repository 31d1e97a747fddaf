using System.Runtime.InteropServices;
using Shoal.Core.Content;

namespace Shoal.Core.Wire.Exchange;

/// <summary>
/// Puts the parts of manifests together again, for one connection. One manifest is open at a time, its parts
/// come in order without gaps, and memory grows with what came, never with what was promised: at most
/// <see cref="ChunkLayout.MostChunks"/> digests.
/// </summary>
public sealed class ManifestAssembly
{
    private const int FirstCapacity = 1024;

    private ChunkLayout _layout;
    private Digest[] _digests = [];
    private int _count;

    /// <summary>Takes a part.</summary>
    /// <param name="layout">The layout that the part names.</param>
    /// <param name="first">The index of its first digest.</param>
    /// <param name="digests">Its digests, 32 bytes each.</param>
    /// <param name="manifest">The manifest, if this was its last part.</param>
    /// <returns>What is wrong with the part, or null.</returns>
    internal string? Add(ChunkLayout layout, int first, ReadOnlySpan<byte> digests, out Manifest? manifest)
    {
        manifest = null;
        int count = digests.Length / Digest.Size;
        if (first != _count || (_count > 0 && layout != _layout))
        {
            return $"digests from {first} of {layout.Length} bytes, "
                + $"where {_count} of {_layout.Length} bytes go on";
        }

        if (count > layout.ChunkCount - first || (count == 0 && layout.ChunkCount > 0))
        {
            return $"{count} digests from {first} for {layout.ChunkCount} chunks";
        }

        _layout = layout;
        Grow(_count + count);
        for (int i = 0; i < count; i++)
        {
            _digests[_count++] = new Digest(digests.Slice(i * Digest.Size, Digest.Size));
        }

        if (_count == layout.ChunkCount)
        {
            Array.Resize(ref _digests, _count);
            manifest = new Manifest(layout, ImmutableCollectionsMarshal.AsImmutableArray(_digests));
            _digests = [];
            _count = 0;
        }

        return null;
    }

    private void Grow(int needed)
    {
        if (needed > _digests.Length)
        {
            int doubled = Math.Max(FirstCapacity, Math.Max(needed, 2 * _digests.Length));
            Array.Resize(ref _digests, Math.Min(doubled, _layout.ChunkCount));
        }
    }
}
