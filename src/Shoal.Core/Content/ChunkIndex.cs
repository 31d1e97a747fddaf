namespace Shoal.Core.Content;

/// <summary>The position of a chunk in its content, from 0.</summary>
/// <param name="Value">From 0 to the layout's chunk count, exclusive.</param>
public readonly record struct ChunkIndex(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One chunk of one content, as peers name it to each other.</summary>
/// <param name="Content">The content that the chunk belongs to.</param>
/// <param name="Index">Its position there.</param>
public readonly record struct ChunkRef(ContentId Content, ChunkIndex Index)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Content.Brief}:{Index}";
}

/// <summary>A run of bytes within a content.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">How many bytes; never negative.</param>
public readonly record struct ByteRange(long Offset, int Length)
{
    /// <summary>The offset just behind the last byte.</summary>
    public long End => Offset + Length;
}
