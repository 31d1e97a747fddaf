using System.Buffers;
using System.Threading.Channels;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Net.Frames;

/// <summary>
/// The writing half of a connection: one task that drains two bounded queues, messages first. So a message
/// waits for one chunk at most, and chunks wait while there is something to say.
/// </summary>
internal sealed class FrameSender<TIn, TOut> : IDisposable
    where TIn : class
    where TOut : class
{
    /// <summary>Messages are collected to so many bytes before they are sent together.</summary>
    private const int CollectedBytes = 64 * 1024;

    /// <summary>The bytes of a chunk that are read and sent at once.</summary>
    private const int PayloadBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly IConversation<TIn, TOut> _conversation;
    private readonly IChunkSource? _chunks;
    private readonly ConnectionOptions _options;
    private readonly ConnectionCounters _counters;
    private readonly Channel<TOut> _messages;
    private readonly Channel<ChunkHeader> _uploads;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly PooledWriter _collected;
    private IMemoryOwner<byte>? _payload;

    // The message that is partly written, and how far.
    private TOut? _current;
    private EncodeCursor _cursor;

    public FrameSender(
        Stream stream, IConversation<TIn, TOut> conversation, IChunkSource? chunks, ConnectionOptions options,
        ConnectionCounters counters)
    {
        _stream = stream;
        _conversation = conversation;
        _chunks = chunks;
        _options = options;
        _counters = counters;
        _collected = new PooledWriter(options.Pool, firstBytes: 1024);
        _messages = Channel.CreateBounded<TOut>(
            new BoundedChannelOptions(options.MostQueuedMessages) { SingleReader = true });
        _uploads = Channel.CreateBounded<ChunkHeader>(
            new BoundedChannelOptions(options.MostQueuedChunks) { SingleReader = true });
    }

    /// <summary>False: the queue is full, or nothing more is taken.</summary>
    public bool TryQueue(TOut message) => _messages.Writer.TryWrite(message) && Wake();

    /// <summary>False: the queue is full, or nothing more is taken.</summary>
    public bool TryQueue(ChunkHeader chunk) => _uploads.Writer.TryWrite(chunk) && Wake();

    /// <summary>Takes nothing more; the task ends when all that was taken has been sent.</summary>
    public void Complete()
    {
        _messages.Writer.TryComplete();
        _uploads.Writer.TryComplete();
        _wake.Writer.TryComplete();
    }

    /// <summary>
    /// Sends until <see cref="Complete"/>, or until a chunk cannot be finished: then says which one.
    /// </summary>
    public async Task<ChunkHeader?> RunAsync(CancellationToken cancellationToken)
    {
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = await _wake.Reader.WaitToReadAsync(cancellationToken);
            _wake.Reader.TryRead(out _);
            if (await DrainAsync(cancellationToken) is { } unfinished)
            {
                return unfinished;
            }

            // Idle connections, of which a hub has many, keep no buffers.
            Dispose();
        }

        return null;
    }

    /// <summary>Gives the buffers back. Not while <see cref="RunAsync"/> runs.</summary>
    public void Dispose()
    {
        _collected.Dispose();
        _payload?.Dispose();
        _payload = null;
    }

    private bool Wake()
    {
        _wake.Writer.TryWrite(true);
        return true;
    }

    private async ValueTask<ChunkHeader?> DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Collect())
            {
                _options.Up?.Take(_collected.WrittenCount);
                await _stream.WriteAsync(_collected.Written, cancellationToken);
                _counters.Sent(_collected.WrittenCount, payload: 0);
                _collected.Clear();
            }
            else if (!_uploads.Reader.TryRead(out ChunkHeader chunk))
            {
                return null;
            }
            else if (!await SendChunkAsync(chunk, cancellationToken))
            {
                return chunk;
            }
        }
    }

    /// <summary>
    /// Writes what waits to be said to the buffer, as far as it fits well; false: nothing waits.
    /// </summary>
    private bool Collect()
    {
        while (_collected.WrittenCount < CollectedBytes)
        {
            if (_current is null && !_messages.Reader.TryRead(out _current))
            {
                break;
            }

            if (!_conversation.EncodeNext(_current, ref _cursor, _collected))
            {
                _current = null;
                _cursor = default;
            }
        }

        return _collected.WrittenCount > 0;
    }

    /// <summary>Sends one chunk. False: it broke off within the frame, so nothing can follow.</summary>
    private async ValueTask<bool> SendChunkAsync(ChunkHeader header, CancellationToken cancellationToken)
    {
        _payload ??= _options.Pool.Rent(ChunkHeader.FrameSize + PayloadBytes);
        Memory<byte> buffer = _payload.Memory;
        int portion = Math.Min(PayloadBytes, _options.Up?.Portion ?? PayloadBytes);
        int head = ChunkHeader.FrameSize;
        for (int offset = 0; offset < header.PayloadLength;)
        {
            // Read before the header is sent: if the file has gone, the other end need not know of this
            // frame.
            int length = Math.Min(portion, header.PayloadLength - offset);
            if (!await _chunks!.ReadAsync(
                header.Chunk, offset, buffer.Slice(head, length), cancellationToken))
            {
                _chunks.Ended(header.Chunk, UploadOutcome.Unreadable);
                return offset == 0;
            }

            if (offset == 0)
            {
                header.WriteFrame(buffer.Span);
            }

            if (_options.Up is { } limit)
            {
                await limit.TakeAsync(head + length, cancellationToken);
            }

            await _stream.WriteAsync(buffer[..(head + length)], cancellationToken);
            _counters.Sent(head + length, length);
            offset += length;
            head = 0;
        }

        _chunks!.Ended(header.Chunk, UploadOutcome.Sent);
        return true;
    }
}
