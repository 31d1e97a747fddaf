using System.Net.Sockets;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Transport;

namespace Shoal.Net.Frames;

/// <summary>
/// A conversation on a connection: messages and chunks, both ways. One task receives; any task may send.
/// However it ends, <see cref="ReceiveAsync"/> says so, once and for all, and <see cref="End"/> says why.
/// </summary>
/// <typeparam name="TIn">What comes.</typeparam>
/// <typeparam name="TOut">What goes.</typeparam>
public sealed class FrameConnection<TIn, TOut> : IAsyncDisposable
    where TIn : class
    where TOut : class
{
    // Who is reading, so that the receive buffer goes back when nobody can be using it:
    // Idle -> Busy -> Idle ..., and from either to Over when the connection is disposed of.
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Over = 2;

    private readonly TransportConnection _transport;
    private readonly FrameSender<TIn, TOut> _sender;
    private readonly FrameReceiver<TIn, TOut> _receiver;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sending;
    private readonly SilenceWatch? _watch;
    private ConnectionEnd? _end;
    private volatile bool _isClosing;
    private int _reading;

    /// <summary>Begins a conversation on a connection, which it owns from now on.</summary>
    /// <param name="transport">The connection, behind its handshake.</param>
    /// <param name="conversation">What is said; one for each connection.</param>
    /// <param name="options">What it may use.</param>
    /// <param name="chunks">Where the bytes of chunks to send come from; none: no chunks are sent.</param>
    public FrameConnection(
        TransportConnection transport, IConversation<TIn, TOut> conversation, ConnectionOptions options,
        IChunkSource? chunks = null)
    {
        _transport = transport;
        _time = options.Time;
        _sender = new FrameSender<TIn, TOut>(transport, conversation, chunks, options, Counters);
        _receiver = new FrameReceiver<TIn, TOut>(transport, conversation, options, Counters);
        _sending = SendAllAsync();
        if (options.SilenceLimit is { } limit)
        {
            var silent = new ConnectionEnd(EndCause.Silent, $"it said nothing for {limit.TotalSeconds:0.#} s");
            _watch = new SilenceWatch(
                limit, _time, Counters, () => Volatile.Read(ref _reading) == Busy, () => Finish(silent));
        }
    }

    /// <summary>The other end's address.</summary>
    public EndpointText Remote => _transport.Remote;

    /// <summary>What has passed so far.</summary>
    public ConnectionCounters Counters { get; } = new();

    /// <summary>How the connection ended; null: it has not.</summary>
    public ConnectionEnd? End => Volatile.Read(ref _end);

    /// <summary>Bytes of the chunk at hand that have not been read yet.</summary>
    public int PayloadLeft => _receiver.PayloadLeft;

    /// <summary>
    /// Queues a message. False: the connection has ended, maybe just now because the queue is full.
    /// </summary>
    public bool Send(TOut message) => _sender.TryQueue(message) || Overflow("messages");

    /// <summary>
    /// Queues a chunk behind those queued before. False: the connection has ended, maybe just now.
    /// </summary>
    /// <param name="chunk">Which chunk, and its length.</param>
    public bool Upload(ChunkHeader chunk) => _sender.TryQueue(chunk) || Overflow("chunks");

    /// <summary>
    /// Waits for the next message, the beginning of the next chunk, or the end. What was not read of the
    /// chunk before is skipped. One caller at a time, together with <see cref="ReadPayloadAsync"/>.
    /// </summary>
    public async ValueTask<Received<TIn>> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (!TryBeginReading())
        {
            return Received<TIn>.End;
        }

        try
        {
            (Received<TIn> received, ConnectionEnd? end) = await _receiver.ReceiveAsync(cancellationToken);
            if (end is not null)
            {
                Finish(end);
            }

            return End is null ? received : Received<TIn>.End;
        }
        catch (Exception e) when (IsBroken(e))
        {
            Finish(new ConnectionEnd(EndCause.Broken, e.Message));
            return Received<TIn>.End;
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Reads payload of the chunk at hand.</summary>
    /// <param name="buffer">Gets at least a byte, at most what is left of the chunk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many bytes; 0: nothing is left, or the connection has ended.</returns>
    public async ValueTask<int> ReadPayloadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_receiver.PayloadLeft == 0 || !TryBeginReading())
        {
            return 0;
        }

        try
        {
            int read = await _receiver.ReadPayloadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                Finish(new ConnectionEnd(EndCause.Broken, "the other end stopped in the middle of a chunk"));
            }

            return read;
        }
        catch (Exception e) when (IsBroken(e))
        {
            Finish(new ConnectionEnd(EndCause.Broken, e.Message));
            return 0;
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Reads all payload of the chunk at hand.</summary>
    /// <param name="payload">Gets it; as long as the chunk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the connection has ended.</returns>
    public async ValueTask<bool> ReadChunkAsync(Memory<byte> payload, CancellationToken cancellationToken)
    {
        while (!payload.IsEmpty)
        {
            int read = await ReadPayloadAsync(payload, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            payload = payload[read..];
        }

        return true;
    }

    /// <summary>
    /// Sends what is queued, then says goodbye, and waits for the other end to do so too. Somebody must go on
    /// receiving meanwhile: a connection that is closed over unread bytes takes the last words with it.
    /// </summary>
    /// <param name="reason">Why, for the log.</param>
    /// <param name="limit">How long all of this may take; then it is closed anyhow.</param>
    /// <param name="cancellationToken">Closes it at once.</param>
    public async Task CloseAsync(string reason, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(limit, _time, cancellationToken);
        try
        {
            _isClosing = true;
            _sender.Complete();
            await _sending.WaitAsync(deadline.Token);
            _transport.FinishSending();
            await _ended.Task.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is up; what has not gone by now does not go.
        }

        await AbortAsync(reason);
    }

    /// <summary>Closes the connection at once; what is queued is not sent.</summary>
    /// <param name="reason">Why, for the log.</param>
    public async ValueTask AbortAsync(string reason)
    {
        Finish(new ConnectionEnd(EndCause.ClosedHere, reason));
        _watch?.Dispose();
        await _sending;
        if (Interlocked.Exchange(ref _reading, Over) == Idle)
        {
            _receiver.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => AbortAsync("closed");

    private async Task SendAllAsync()
    {
        try
        {
            if (await _sender.RunAsync(_stopping.Token) is { } unfinished)
            {
                Finish(new ConnectionEnd(
                    EndCause.Unreadable, $"{unfinished.Chunk} could not be read any more while it was sent"));
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            Finish(new ConnectionEnd(EndCause.Broken, e.Message));
        }
        finally
        {
            _sender.Dispose();
        }
    }

    private void Finish(ConnectionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is null)
        {
            _sender.Complete();
            _stopping.Cancel();
            _transport.Dispose();
            _ended.TrySetResult();
        }
    }

    private bool Overflow(string what)
    {
        if (End is null && !_isClosing)
        {
            Finish(new ConnectionEnd(EndCause.TooSlow, $"too many {what} wait to be sent"));
        }

        return false;
    }

    private bool TryBeginReading()
    {
        switch (Interlocked.CompareExchange(ref _reading, Busy, Idle))
        {
            case Busy:
                throw new InvalidOperationException("Somebody else is receiving on this connection.");
            case Over:
                return false;
        }

        if (End is null)
        {
            return true;
        }

        EndReading();
        return false;
    }

    private void EndReading()
    {
        if (Interlocked.CompareExchange(ref _reading, Idle, Busy) == Over)
        {
            _receiver.Dispose();
        }
    }

    // Once the connection has ended here, its reads and writes fail in whatever way the stream finds.
    private bool IsBroken(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException
        || (End is not null && e is OperationCanceledException);
}
