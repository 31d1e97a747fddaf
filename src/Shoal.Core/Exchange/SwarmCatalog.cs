using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>One content of a swarm, with the numbers that its chunks have in the catalog.</summary>
internal sealed class CatalogContent(Manifest manifest, int firstChunk)
{
    public Manifest Manifest { get; } = manifest;

    public ContentId Id => Manifest.Id;

    /// <summary>The catalog number of chunk 0.</summary>
    public int FirstChunk { get; } = firstChunk;

    public int ChunkCount => Manifest.ChunkCount;

    /// <summary>The only first holder; null: several, or none.</summary>
    public PeerId? Owner { get; set; }

    /// <summary>In a peer's catalog: how many of its chunks are here.</summary>
    public int HeldChunks { get; set; }

    /// <summary>In a peer's catalog: whether all of it is here.</summary>
    public bool IsHeld => HeldChunks == ChunkCount;

    /// <summary>Whether it was withdrawn: nobody has to have it any more.</summary>
    public bool IsWithdrawn { get; set; }
}

/// <summary>
/// The contents that a machine knows of, and one number for each of their chunks: machines count and compare chunks
/// millions of times, so inside them a chunk is an <see cref="int"/>. The numbers are private to the machine.
/// </summary>
internal sealed class SwarmCatalog
{
    private readonly Dictionary<ContentId, CatalogContent> _byId = [];
    private readonly List<CatalogContent> _contents = [];
    private int[] _contentOf = [];

    public IReadOnlyList<CatalogContent> Contents => _contents;

    /// <summary>Chunks of all contents, withdrawn ones included: the numbers run from 0 up to this.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>Chunks of the contents that are not withdrawn.</summary>
    public int WantedChunks { get; private set; }

    /// <summary>Bytes of the contents that are not withdrawn.</summary>
    public long WantedBytes { get; private set; }

    public CatalogContent? Find(ContentId id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a content; false if it is known already.</summary>
    public bool TryAdd(Manifest manifest, out CatalogContent content)
    {
        if (_byId.TryGetValue(manifest.Id, out content!))
        {
            return false;
        }

        content = new CatalogContent(manifest, ChunkCount);
        _byId.Add(manifest.Id, content);
        if (_contentOf.Length < ChunkCount + manifest.ChunkCount)
        {
            Array.Resize(ref _contentOf, Math.Max(ChunkCount + manifest.ChunkCount, _contentOf.Length * 2));
        }

        _contentOf.AsSpan(ChunkCount, manifest.ChunkCount).Fill(_contents.Count);
        _contents.Add(content);
        ChunkCount += manifest.ChunkCount;
        WantedChunks += manifest.ChunkCount;
        WantedBytes += manifest.Length;
        return true;
    }

    /// <summary>Marks a content as wanted no longer; false if it was so already.</summary>
    public bool Withdraw(CatalogContent content)
    {
        if (content.IsWithdrawn)
        {
            return false;
        }

        content.IsWithdrawn = true;
        WantedChunks -= content.ChunkCount;
        WantedBytes -= content.Manifest.Length;
        return true;
    }

    /// <summary>The number of a chunk, or -1 if the content is not known or has no such chunk.</summary>
    public int NumberOf(ChunkRef chunk) =>
        _byId.TryGetValue(chunk.Content, out CatalogContent? content) && content.Manifest.Layout.Contains(chunk.Index)
            ? content.FirstChunk + chunk.Index.Value
            : -1;

    public CatalogContent ContentOf(int chunk) => _contents[_contentOf[chunk]];

    public ChunkRef RefOf(int chunk)
    {
        CatalogContent content = ContentOf(chunk);
        return new ChunkRef(content.Id, new ChunkIndex(chunk - content.FirstChunk));
    }

    public int LengthOf(int chunk)
    {
        CatalogContent content = ContentOf(chunk);
        ChunkLayout layout = content.Manifest.Layout;
        int index = chunk - content.FirstChunk;
        return index < content.ChunkCount - 1
            ? layout.ChunkSize
            : (int)(layout.Length - ((long)index * layout.ChunkSize));
    }
}
