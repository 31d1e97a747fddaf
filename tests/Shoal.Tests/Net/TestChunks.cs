using System.Collections.Concurrent;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;

namespace Shoal.Tests.Net;

/// <summary>
/// Chunks whose bytes follow from their names, and which a test can hold back or take away.
/// </summary>
internal sealed class TestChunks : IChunkSource
{
    public ConcurrentQueue<(ChunkRef Chunk, UploadOutcome Outcome)> Outcomes { get; } = new();

    /// <summary>Reads wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Bytes from this offset on are not to be had.</summary>
    public int ReadableBytes { get; set; } = int.MaxValue;

    public static ChunkHeader Chunk(int index, int length) =>
        new(new ChunkRef(default, new ChunkIndex(index)), length);

    public static byte[] BytesOf(ChunkHeader chunk)
    {
        var bytes = new byte[chunk.PayloadLength];
        Fill(chunk.Chunk, 0, bytes);
        return bytes;
    }

    public async ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        Fill(chunk, offset, buffer.Span);
        return offset + buffer.Length <= ReadableBytes;
    }

    public void Ended(ChunkRef chunk, UploadOutcome outcome) => Outcomes.Enqueue((chunk, outcome));

    private static void Fill(ChunkRef chunk, int offset, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)DeterministicRandom.Mix((ulong)(((long)chunk.Index.Value << 32) + offset + i));
        }
    }
}
