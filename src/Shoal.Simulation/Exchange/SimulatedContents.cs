using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Randomness;

namespace Shoal.Simulation.Exchange;

/// <summary>
/// Contents of which no byte exists: the digests are drawn, so the manifests are as real as any. Their chunks are
/// numbered through, over all contents.
/// </summary>
internal sealed class SimulatedContents
{
    private readonly Dictionary<ContentId, int> _firstChunks = [];
    private readonly List<ChunkRef> _chunks = [];
    private readonly List<int> _lengths = [];

    public SimulatedContents(ImmutableArray<ScenarioContent> contents, DeterministicRandom random)
    {
        Manifests = [.. contents.Select(content => Draw(new ChunkLayout(content.Length, content.ChunkSize), random))];
        foreach (Manifest manifest in Manifests)
        {
            // Two empty contents are one and the same.
            _firstChunks.TryAdd(manifest.Id, _chunks.Count);
            for (int i = 0; i < manifest.ChunkCount; i++)
            {
                var index = new ChunkIndex(i);
                _chunks.Add(new ChunkRef(manifest.Id, index));
                _lengths.Add(manifest.LengthOf(index));
            }
        }
    }

    /// <summary>The manifests, in the scenario's order.</summary>
    public ImmutableArray<Manifest> Manifests { get; }

    /// <summary>Chunks of all contents.</summary>
    public int ChunkCount => _chunks.Count;

    public ChunkRef ChunkAt(int number) => _chunks[number];

    public int LengthOf(int number) => _lengths[number];

    /// <summary>The number of a chunk; -1 if there is none such.</summary>
    public int NumberOf(ChunkRef chunk)
    {
        if (!_firstChunks.TryGetValue(chunk.Content, out int first))
        {
            return -1;
        }

        int number = first + chunk.Index.Value;
        return (uint)number < (uint)_chunks.Count && _chunks[number] == chunk ? number : -1;
    }

    /// <summary>The number of a content's first chunk.</summary>
    public int FirstChunkOf(ContentId content) => _firstChunks[content];

    private static Manifest Draw(ChunkLayout layout, DeterministicRandom random)
    {
        var digests = ImmutableArray.CreateBuilder<Digest>(layout.ChunkCount);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        for (int i = 0; i < layout.ChunkCount; i++)
        {
            for (int word = 0; word < Digest.Size; word += sizeof(ulong))
            {
                BitConverter.TryWriteBytes(bytes[word..], random.Next());
            }

            digests.Add(new Digest(bytes));
        }

        return new Manifest(layout, digests.MoveToImmutable());
    }
}
