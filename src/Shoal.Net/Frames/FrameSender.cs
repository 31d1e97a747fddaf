using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Shoal.Core.Content;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Transport;

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

    /// <summary>
    /// What is read of a chunk that is sent from its file: the first bytes, which go with the header, and the last,
    /// without which the other end takes none of it.
    /// </summary>
    private const int ReadEnd = 16 * 1024;

    /// <summary>Shorter chunks are read: they have gone with one or two calls.</summary>
    private const int LeastFromFile = 128 * 1024;

    /// <summary>The room in the queue of messages that an idle connection may keep.</summary>
    private const int FewMessages = 16;

    private readonly Stream _stream;
    private readonly FileSender? _files;
    private readonly IConversation<TIn, TOut> _conversation;
    private readonly IChunkSource? _chunks;
    private readonly ConnectionOptions _options;
    private readonly ConnectionCounters _counters;

    // Any task queues, one drains. Channels would be as good, but three of them take 2 KB of every idle connection.
    private readonly Lock _gate = new();
    private readonly Queue<TOut> _messages = [];
    private readonly Queue<ChunkHeader> _uploads = [];
    private readonly SemaphoreSlim _wake = new(0);
    private bool _isAwake;
    private bool _isComplete;

    private readonly PooledWriter _collected;
    private IMemoryOwner<byte>? _payload;

    // The message that is partly written, and how far.
    private TOut? _current;
    private EncodeCursor _cursor;

    public FrameSender(
        TransportConnection transport, IConversation<TIn, TOut> conversation, IChunkSource? chunks,
        ConnectionOptions options, ConnectionCounters counters)
    {
        _stream = transport.Stream;

        // What is limited goes in portions that are too small to gain anything.
        _files = options.Up is null ? transport.Files : null;
        _conversation = conversation;
        _chunks = chunks;
        _options = options;
        _counters = counters;
        _collected = new PooledWriter(options.Pool, firstBytes: 1024);
    }

    /// <summary>False: the queue is full, or nothing more is taken.</summary>
    public bool TryQueue(TOut message) => TryQueue(_messages, message, _options.MostQueuedMessages);

    /// <summary>False: the queue is full, or nothing more is taken.</summary>
    public bool TryQueue(ChunkHeader chunk) => TryQueue(_uploads, chunk, _options.MostQueuedChunks);

    /// <summary>Takes nothing more; the task ends when all that was taken has been sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Wake();
        }
    }

    /// <summary>
    /// Sends until <see cref="Complete"/>, or until a chunk cannot be finished: then says which one.
    /// </summary>
    public async Task<ChunkHeader?> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wake.WaitAsync(cancellationToken);
            bool isLast = Sleep();
            if (await DrainAsync(cancellationToken) is { } unfinished)
            {
                return unfinished;
            }

            // Idle connections, of which a hub has many, keep no buffers.
            GiveBack();
            if (isLast)
            {
                return null;
            }
        }
    }

    /// <summary>Gives the buffers back. Not while <see cref="RunAsync"/> runs.</summary>
    public void Dispose() => GiveBack();

    private bool TryQueue<T>(Queue<T> queue, T item, int most)
    {
        lock (_gate)
        {
            if (_isComplete || queue.Count >= most)
            {
                return false;
            }

            queue.Enqueue(item);
            Wake();
            return true;
        }
    }

    private bool TryTake<T>(Queue<T> queue, [MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            return queue.TryDequeue(out item);
        }
    }

    private void Wake()
    {
        if (!_isAwake)
        {
            _isAwake = true;
            _wake.Release();
        }
    }

    /// <summary>Whatever is queued from now on wakes it again. True: nothing will be.</summary>
    private bool Sleep()
    {
        lock (_gate)
        {
            _isAwake = false;
            return _isComplete;
        }
    }

    private void GiveBack()
    {
        _collected.Dispose();
        _payload?.Dispose();
        _payload = null;
        lock (_gate)
        {
            if (_messages.Capacity > FewMessages)
            {
                _messages.TrimExcess();
            }
        }
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
            else if (!TryTake(_uploads, out ChunkHeader chunk))
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
            if (_current is null && !TryTake(_messages, out _current))
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
        using LentFile? file =
            _files is not null && header.PayloadLength >= LeastFromFile ? _chunks!.TryLend(header.Chunk) : null;
        int portion = file is not null ? ReadEnd : Math.Min(PayloadBytes, _options.Up?.Portion ?? PayloadBytes);
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
            if (file is not null && offset == length)
            {
                int middle = header.PayloadLength - offset - ReadEnd;
                if (!await SendMiddleAsync(file, header.Chunk, offset, middle, cancellationToken))
                {
                    // By this the source learns of it, and may find the bytes elsewhere for the next who asks.
                    await _chunks.ReadAsync(header.Chunk, offset, buffer[..ReadEnd], cancellationToken);
                    _chunks.Ended(header.Chunk, UploadOutcome.Unreadable);
                    return false;
                }

                offset += middle;
            }
        }

        _chunks!.Ended(header.Chunk, UploadOutcome.Sent);
        return true;
    }

    /// <summary>Sends what lies between the ends of a chunk. False: the file is not what it was.</summary>
    private async ValueTask<bool> SendMiddleAsync(
        LentFile file, ChunkRef chunk, int offset, int length, CancellationToken cancellationToken)
    {
        try
        {
            await _files!.SendAsync(file.Stream, file.Offset + offset, length);
        }
        catch (Exception e) when (e is EndOfStreamException || (e is SocketException && !file.IsIntact()))
        {
            return false;
        }
        catch (SocketException)
        {
            // Was it the disk? Whoever reads knows what to say of that.
            Memory<byte> buffer = _payload!.Memory[..PayloadBytes];
            for (int done = 0; done < length; done += buffer.Length)
            {
                await _chunks!.ReadAsync(
                    chunk, offset + done, buffer[..Math.Min(buffer.Length, length - done)], cancellationToken);
            }

            throw;
        }

        _counters.Sent(length, length);
        return file.IsIntact();
    }
}
