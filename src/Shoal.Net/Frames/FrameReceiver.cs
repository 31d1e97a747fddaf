using System.Buffers;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Transport;

namespace Shoal.Net.Frames;

/// <summary>
/// The reading half of a connection. Small frames are cut from a receive buffer; of a chunk only the header
/// and what came with it pass through that buffer, the rest goes from the socket straight to where the caller
/// wants it.
/// </summary>
internal sealed class FrameReceiver<TIn, TOut>(
    TransportConnection transport, IConversation<TIn, TOut> conversation, ConnectionOptions options,
    ConnectionCounters counters)
    : IDisposable
    where TIn : class
    where TOut : class
{
    /// <summary>
    /// The usual size of the receive buffer. What it gets of a chunk is copied once more, so it is small
    /// beside a chunk.
    /// </summary>
    private const int UsualBytes = 4 * 1024;

    /// <summary>
    /// What receiving costs of the uplink, as a part of what comes: an acknowledgement of 66 bytes for every two
    /// full frames of Ethernet (RFC 9293, section 3.8.6.3), unless it travels with a frame of data that goes the
    /// other way. On a slow uplink beside a fast downlink that is a tenth of it.
    /// </summary>
    private const double AcknowledgedPart = 66.0 / 2896;

    private readonly Stream _stream = transport.Stream;
    private IMemoryOwner<byte>? _buffer;
    private int _start;
    private int _end;
    private long _sentBefore;
    private bool _hasHadChunks;

    /// <summary>Bytes of the current chunk that have not been read yet.</summary>
    public int PayloadLeft { get; private set; }

    private int Buffered => _end - _start;

    /// <summary>
    /// Waits for a message or for the beginning of a chunk. What is left of the last chunk is skipped.
    /// </summary>
    /// <returns>
    /// Null and a reason: the connection is of no use any more; or null and no reason: it ended cleanly.
    /// </returns>
    public async ValueTask<(Received<TIn> Received, ConnectionEnd? End)> ReceiveAsync(
        CancellationToken cancellationToken)
    {
        while (true)
        {
            int needed = FrameHeader.Size;
            SkipBuffered();
            if (PayloadLeft == 0)
            {
                DecodeStatus status = TryDecode(out Received<TIn> received, out string? reason, ref needed);
                if (status == DecodeStatus.Done)
                {
                    return (received, null);
                }

                if (status == DecodeStatus.Invalid)
                {
                    return (default, new ConnectionEnd(EndCause.Malformed, reason!));
                }
            }

            bool isWithinFrame = PayloadLeft > 0 || Buffered > 0;
            if (!await FillAsync(needed, cancellationToken))
            {
                return (default, isWithinFrame
                    ? new ConnectionEnd(EndCause.Broken, "the other end stopped in the middle of a frame")
                    : new ConnectionEnd(EndCause.ClosedThere, "closed by the other end"));
            }
        }
    }

    /// <summary>
    /// Reads payload of the current chunk: at least a byte, at most what is left; 0: the stream ended.
    /// </summary>
    public async ValueTask<int> ReadPayloadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int most = Math.Min(buffer.Length, PayloadLeft);
        int read = Math.Min(most, Buffered);
        if (read > 0)
        {
            _buffer!.Memory.Span.Slice(_start, read).CopyTo(buffer.Span);
            Consume(read);
        }
        else
        {
            most = Math.Min(most, options.Down?.Portion ?? most);
            read = await _stream.ReadAsync(buffer[..most], cancellationToken);
            transport.Window?.Received(read);
            counters.Received(read);
            BookAcknowledgements(read);
            if (options.Down is { } limit)
            {
                await limit.TakeAsync(read, cancellationToken);
            }
        }

        PayloadLeft -= read;
        counters.ReceivedPayload(read);
        return read;
    }

    /// <summary>Gives the buffer back. Not while something is being read.</summary>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
        _start = _end = 0;
    }

    private DecodeStatus TryDecode(out Received<TIn> received, out string? reason, ref int needed)
    {
        received = default;
        ReadOnlyMemory<byte> bytes = _buffer is null ? default : _buffer.Memory[_start.._end];
        DecodeStatus status =
            Framing.TryReadHeader(bytes.Span, conversation.Incoming, out FrameHeader header, out reason);
        if (status != DecodeStatus.Done)
        {
            return status;
        }

        if (header.Type == FrameType.PeerChunk)
        {
            needed = ChunkHeader.FrameSize;
            status = ChunkHeader.TryRead(
                header, bytes.Span[FrameHeader.Size..], out ChunkHeader chunk, out reason);
            if (status == DecodeStatus.Done)
            {
                Consume(ChunkHeader.FrameSize);
                PayloadLeft = chunk.PayloadLength;
                _hasHadChunks = true;
                received = Received<TIn>.Of(chunk);
            }

            return status;
        }

        needed = header.FrameLength;
        var sequence = new ReadOnlySequence<byte>(bytes);
        status = conversation.TryDecode(ref sequence, out TIn? message, out reason);
        if (status == DecodeStatus.Done)
        {
            Consume(header.FrameLength);
            received = Received<TIn>.Of(message!);
        }

        return status;
    }

    /// <summary>A frame of data that went since the last time has carried what two frames that came needed.</summary>
    private void BookAcknowledgements(int read)
    {
        if (options.Up is { } limit)
        {
            long sent = counters.BytesSent;
            long alone = read - (2 * (sent - _sentBefore));
            _sentBefore = sent;
            limit.Take((int)(Math.Max(0, alone) * AcknowledgedPart));
        }
    }

    private void SkipBuffered()
    {
        int skipped = Math.Min(PayloadLeft, Buffered);
        PayloadLeft -= skipped;
        Consume(skipped);
    }

    private void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>
    /// Reads more, with room for at least a part of what is needed; false: the stream ended.
    /// </summary>
    private async ValueTask<bool> FillAsync(int needed, CancellationToken cancellationToken)
    {
        if (Buffered == 0 && !_hasHadChunks)
        {
            // Whoever waits for something to be said keeps no buffer meanwhile: a hub has many who hardly ever speak.
            Dispose();
            _ = await _stream.ReadAsync(Memory<byte>.Empty, cancellationToken);
        }

        MakeRoom(needed);
        int read = await _stream.ReadAsync(_buffer!.Memory[_end..], cancellationToken);
        _end += read;
        counters.Received(read);
        options.Down?.Take(read);
        return read > 0;
    }

    /// <summary>
    /// Moves what there is to the front, and grows the buffer with what came, twofold each time, not with
    /// what a header promises. A large buffer goes back as soon as it is empty.
    /// </summary>
    private void MakeRoom(int needed)
    {
        int size = Math.Max(UsualBytes, Math.Min(needed, 2 * Buffered));
        bool isTooLarge = Buffered == 0 && _buffer?.Memory.Length > 2 * UsualBytes;
        if (_buffer is null || isTooLarge || (_end == _buffer.Memory.Length && size > _buffer.Memory.Length))
        {
            IMemoryOwner<byte> other = options.Pool.Rent(size);
            _buffer?.Memory[_start.._end].CopyTo(other.Memory);
            _buffer?.Dispose();
            _buffer = other;
            _end -= _start;
            _start = 0;
        }
        else if (_start > 0 && (_end == _buffer.Memory.Length || needed > _buffer.Memory.Length - _start))
        {
            _buffer.Memory[_start.._end].CopyTo(_buffer.Memory);
            _end -= _start;
            _start = 0;
        }
    }
}
