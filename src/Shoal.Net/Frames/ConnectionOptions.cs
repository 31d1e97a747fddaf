using System.Buffers;

namespace Shoal.Net.Frames;

/// <summary>What a <see cref="FrameConnection{TIn, TOut}"/> may use.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Limits what goes, together with all connections that share it; none by default.</summary>
    public RateLimit? Up { get; init; }

    /// <summary>Limits what comes, together with all connections that share it; none by default.</summary>
    public RateLimit? Down { get; init; }

    /// <summary>
    /// Messages that wait to be sent; 65,536 by default. One more, and the receiver is too slow: the
    /// connection ends.
    /// </summary>
    public int MostQueuedMessages { get; init; } = 64 * 1024;

    /// <summary>Chunks that wait to be sent; 1,024 by default. One more ends the connection.</summary>
    public int MostQueuedChunks { get; init; } = 1024;

    /// <summary>
    /// How long the other end may say nothing while somebody waits for it; then the connection ends. No limit by
    /// default. Only for conversations in which both say at least <c>Alive</c> much more often.
    /// </summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where buffers come from; the shared pool by default.</summary>
    public MemoryPool<byte> Pool { get; init; } = MemoryPool<byte>.Shared;
}
