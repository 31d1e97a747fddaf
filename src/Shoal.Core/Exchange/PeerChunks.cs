using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Exchange;

/// <summary>What a peer itself has, what it has asked for, and how many of its neighbours have each chunk.</summary>
internal sealed class PeerChunks(SwarmCatalog catalog)
{
    private ushort[] _availability = [];
    private byte[] _asked = [];

    public SwarmCatalog Catalog { get; } = catalog;

    /// <summary>Wanted chunks that are verified and stored here.</summary>
    public ChunkSet Mine { get; } = new();

    /// <summary>Bytes of <see cref="Mine"/>.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Chunks that are missing here and asked of nobody.</summary>
    public int UnaskedCount { get; private set; }

    public bool IsComplete => Mine.Count == Catalog.WantedChunks;

    public long MissingBytes => Catalog.WantedBytes - HeldBytes;

    public int AvailabilityOf(int chunk) => _availability[chunk];

    public bool IsUnasked(int chunk) => _asked[chunk] == 0 && IsMissing(chunk);

    /// <summary>Whether a neighbour has a chunk that is missing and asked of nobody.</summary>
    public bool IsOpenAt(Neighbour neighbour, int chunk) => IsUnasked(chunk) && neighbour.Has.Contains(chunk);

    public bool IsMissing(int chunk) => !Mine.Contains(chunk) && !Catalog.ContentOf(chunk).IsWithdrawn;

    /// <summary>Of how many neighbours a chunk has been asked and not come yet.</summary>
    public int AskedCount(int chunk) => _asked[chunk];

    /// <summary>Takes in a content; null if it is known already.</summary>
    public CatalogContent? Describe(Manifest manifest)
    {
        if (!Catalog.TryAdd(manifest, out CatalogContent content))
        {
            return null;
        }

        if (Catalog.ChunkCount > _asked.Length)
        {
            int length = Math.Max(Catalog.ChunkCount, _asked.Length * 2);
            Array.Resize(ref _availability, length);
            Array.Resize(ref _asked, length);
        }

        UnaskedCount += content.ChunkCount;
        return content;
    }

    /// <summary>A chunk is here from now on; true if that is news.</summary>
    public bool AddMine(int chunk)
    {
        CatalogContent content = Catalog.ContentOf(chunk);
        bool wasUnasked = IsUnasked(chunk);
        if (content.IsWithdrawn || !Mine.Add(chunk))
        {
            return false;
        }

        content.HeldChunks++;
        UnaskedCount -= wasUnasked ? 1 : 0;
        HeldBytes += Catalog.LengthOf(chunk);
        return true;
    }

    /// <summary>What is here from the start.</summary>
    public void AddMine(Holding holding)
    {
        CatalogContent content = Catalog.Find(holding.Content)!;
        for (int i = 0; i < content.ChunkCount; i++)
        {
            if (holding.Chunks[i])
            {
                AddMine(content.FirstChunk + i);
            }
        }
    }

    /// <summary>A content is wanted no longer; what is here of it does not count any more.</summary>
    public void Withdraw(CatalogContent content)
    {
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            UnaskedCount -= IsUnasked(chunk) ? 1 : 0;
            if (Mine.Remove(chunk))
            {
                content.HeldChunks--;
                HeldBytes -= Catalog.LengthOf(chunk);
            }
        }

        Catalog.Withdraw(content);
    }

    public void AddAsked(int chunk)
    {
        UnaskedCount -= IsUnasked(chunk) ? 1 : 0;
        _asked[chunk]++;
    }

    public void RemoveAsked(int chunk)
    {
        _asked[chunk]--;
        UnaskedCount += IsUnasked(chunk) ? 1 : 0;
    }

    public void AddHolder(int chunk) => _availability[chunk]++;

    public void RemoveHolder(int chunk) => _availability[chunk]--;

    /// <summary>What is here of all contents.</summary>
    public ImmutableArray<Holding> AllHoldings()
    {
        var holdings = ImmutableArray.CreateBuilder<Holding>();
        foreach (CatalogContent content in Catalog.Contents)
        {
            if (HoldingOf(content) is { } holding)
            {
                holdings.Add(holding);
            }
        }

        return holdings.ToImmutable();
    }

    /// <summary>What is here of a content; null if nothing is.</summary>
    private Holding? HoldingOf(CatalogContent content)
    {
        Bitfield? bits = null;
        int end = content.FirstChunk + content.ChunkCount;
        for (int chunk = Mine.NextFrom(content.FirstChunk); chunk >= 0 && chunk < end; chunk = Mine.NextFrom(chunk + 1))
        {
            bits ??= new Bitfield(content.ChunkCount);
            bits.Set(chunk - content.FirstChunk);
        }

        return bits is null ? null : new Holding(content.Id, bits);
    }
}
