using Shoal.Core.Wire.Exchange;

namespace Shoal.Net.Frames;

/// <summary>What came on a connection: one of a message, the beginning of a chunk, or the end.</summary>
/// <typeparam name="TIn">What the messages are.</typeparam>
public readonly struct Received<TIn>
    where TIn : class
{
    private Received(ReceivedKind kind, TIn? message, ChunkHeader chunk)
    {
        Kind = kind;
        Message = message;
        Chunk = chunk;
    }

    /// <summary>What came.</summary>
    public ReceivedKind Kind { get; }

    /// <summary>The message, if it is one.</summary>
    public TIn? Message { get; }

    /// <summary>The chunk whose payload comes next, if it is one.</summary>
    public ChunkHeader Chunk { get; }

    internal static Received<TIn> End => default;

    internal static Received<TIn> Of(TIn message) => new(ReceivedKind.Message, message, default);

    internal static Received<TIn> Of(ChunkHeader chunk) => new(ReceivedKind.Chunk, null, chunk);
}

/// <summary>What came on a connection.</summary>
public enum ReceivedKind
{
    /// <summary>The connection has ended; it knows how.</summary>
    End,

    /// <summary>A message.</summary>
    Message,

    /// <summary>The beginning of a chunk; its payload is to be read next.</summary>
    Chunk,
}
