using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Core.Relay;

/// <summary>The chunks that somebody waits for or the relay keeps, and how many bytes they are.</summary>
internal sealed class RelayChunks
{
    private readonly Dictionary<int, RelayChunk> _byNumber = [];

    /// <summary>What the numbers of chunks mean.</summary>
    public SwarmCatalog Catalog { get; } = new();

    /// <summary>Bytes that are asked for or here.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>Those of them that are on their way here, or here and with nobody yet.</summary>
    public long FreshBytes { get; private set; }

    public IEnumerable<RelayChunk> All => _byNumber.Values;

    public RelayChunk? Find(int number) => _byNumber.GetValueOrDefault(number);

    public RelayChunk Add(int number)
    {
        var chunk = new RelayChunk(number, Catalog.LengthOf(number));
        _byNumber.Add(number, chunk);
        return chunk;
    }

    public void Remove(RelayChunk chunk) => _byNumber.Remove(chunk.Number);

    public ChunkRef RefOf(RelayChunk chunk) => Catalog.RefOf(chunk.Number);

    /// <summary>There will be memory for a chunk, on account of those who wait for it.</summary>
    public void Occupy(RelayChunk chunk)
    {
        BytesInFlight += chunk.Bytes;
        FreshBytes += chunk.Bytes;
        chunk.Debtors = [.. chunk.Waiting];
        AddDebt(chunk, chunk.Bytes);
    }

    /// <summary>Its memory is needed no more.</summary>
    public void Vacate(RelayChunk chunk)
    {
        BytesInFlight -= chunk.Bytes;
        Age(chunk);
    }

    /// <summary>Somebody has got it, or nobody is to, or it will take long to come.</summary>
    public void Age(RelayChunk chunk)
    {
        if (chunk.Debtors.Length > 0)
        {
            FreshBytes -= chunk.Bytes;
            AddDebt(chunk, -chunk.Bytes);
            chunk.Debtors = [];
        }
    }

    private static void AddDebt(RelayChunk chunk, int bytes)
    {
        foreach (RelayMember debtor in chunk.Debtors)
        {
            debtor.Debt += bytes / chunk.Debtors.Length;
        }
    }
}
