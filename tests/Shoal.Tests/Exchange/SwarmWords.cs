using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;

namespace Shoal.Tests.Exchange;

/// <summary>Short ways to say what machines are told in tests.</summary>
internal static class SwarmWords
{
    public const int ChunkSize = ChunkLayout.SmallestSize;

    public static PeerId Peer(int number) => new(0, (ulong)number);

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>A content of so many full chunks, with made-up digests.</summary>
    public static Manifest Content(int chunks, ulong randomSeed = 1) =>
        Content((long)chunks * ChunkSize, randomSeed);

    public static Manifest Content(long length, ulong randomSeed, int chunkSize = ChunkSize)
    {
        var layout = new ChunkLayout(length, chunkSize);
        var random = new DeterministicRandom(randomSeed);
        var digests = ImmutableArray.CreateBuilder<Digest>(layout.ChunkCount);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        for (int i = 0; i < layout.ChunkCount; i++)
        {
            for (int j = 0; j < bytes.Length; j += 8)
            {
                BitConverter.TryWriteBytes(bytes[j..], random.Next());
            }

            digests.Add(new Digest(bytes));
        }

        return new Manifest(layout, digests.MoveToImmutable());
    }

    public static ChunkRef Chunk(this Manifest manifest, int index) => new(manifest.Id, new ChunkIndex(index));

    public static Holding Full(this Manifest manifest) => new(manifest.Id, Bitfield.Full(manifest.ChunkCount));

    public static Holding Holding(this Manifest manifest, params int[] chunks)
    {
        var bits = new Bitfield(manifest.ChunkCount);
        foreach (int chunk in chunks)
        {
            bits.Set(chunk);
        }

        return new Holding(manifest.Id, bits);
    }

    public static SharedEntry File(this Manifest manifest, string name) =>
        new SharedEntry.File(EntryName.Parse(name), manifest.Id, 0, false);

    public static Member Member(int number, DeclaredCapacity capacity = default) =>
        new(Peer(number), $"peer{number}", number, [$"127.0.0.1:{9000 + number}"], capacity);
}
