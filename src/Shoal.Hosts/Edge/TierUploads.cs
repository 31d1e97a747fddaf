using Shoal.Core.Content;
using Shoal.Core.Wire.Exchange;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>
/// The contents that are on their way over one connection: their chunks go in turn, so that contents share it equally,
/// and only as many are ahead of what the receiver has as keep the connection busy, so that a message never waits for
/// long behind them. Safe for the loop, the connection's writer and its reader.
/// </summary>
internal sealed class TierUploads(SwarmFolder folder, TimeProvider time, Action<ChunkHeader> send)
{
    /// <summary>Chunks that wait to be sent one by one; one more is not taken.</summary>
    public const int MostSingle = 1024;

    private const int LeastChunks = 2;
    private const long FirstBytes = 32 * 1024;
    private const long MostBytes = 16 * 1024 * 1024;

    // What is ahead of the receiver lasts for so long at the pace at which it took the last chunks, and for half as
    // long again as a chunk takes to be there and answered when none is ahead of it: more would only stand in queues.
    private const double AheadOfDelay = 1.5;
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(0.05);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(0.2);

    private readonly Lock _gate = new();
    private readonly Queue<Sending> _sending = [];
    private readonly Dictionary<ChunkRef, Flight> _ahead = [];
    private readonly Dictionary<ContentId, Sending> _here = [];
    private readonly Queue<ChunkHeader> _single = [];
    private long _aheadBytes;
    private long _window = FirstBytes;
    private long _spanStart = time.GetTimestamp();
    private long _spanBytes;
    private TimeSpan _leastDelay = TimeSpan.MaxValue;

    private readonly record struct Flight(int Length, long SentAt);

    private sealed class Sending(Manifest manifest, Bitfield? held)
    {
        public Manifest Manifest { get; } = manifest;

        /// <summary>What the receiver has, or is sent out of turn.</summary>
        public Bitfield Held { get; } = held?.Clone() ?? new Bitfield(manifest.ChunkCount);

        public int Next { get; set; }

        public bool IsStopped { get; set; }

        /// <summary>Takes a chunk out of its turn; false: it had it, or there is no such chunk.</summary>
        public bool TryTake(ChunkIndex index) => Manifest.Layout.Contains(index) && index.Value >= Next
            && Held.Set(index.Value);
    }

    /// <summary>Bytes of chunks that the receiver has taken.</summary>
    public long Taken { get; private set; }

    /// <summary>Begins to send a content; false: it is being sent.</summary>
    /// <param name="manifest">The content.</param>
    /// <param name="held">What of it the receiver has already; null: nothing.</param>
    public bool TryBegin(Manifest manifest, Bitfield? held)
    {
        lock (_gate)
        {
            var sending = new Sending(manifest, held);
            if (!_here.TryAdd(manifest.Id, sending))
            {
                return false;
            }

            _sending.Enqueue(sending);
            Refill();
            return true;
        }
    }

    /// <summary>Sends a chunk of what is being sent before its turn, if it has not had it.</summary>
    public void Advance(ContentId content, ChunkIndex index)
    {
        lock (_gate)
        {
            if (_here.TryGetValue(content, out Sending? sending) && sending.TryTake(index))
            {
                _single.Enqueue(new ChunkHeader(
                    new ChunkRef(content, index), sending.Manifest.LengthOf(index)));
                Refill();
            }
        }
    }

    /// <summary>
    /// Sends a chunk of what is not being sent; false: it is on its way, or not here, or too many wait.
    /// </summary>
    public bool TrySend(Manifest manifest, ChunkIndex index)
    {
        lock (_gate)
        {
            var chunk = new ChunkRef(manifest.Id, index);
            if (_ahead.ContainsKey(chunk) || _single.Any(single => single.Chunk == chunk)
                || _single.Count >= MostSingle || !folder.Has(chunk))
            {
                return false;
            }

            _single.Enqueue(new ChunkHeader(chunk, manifest.LengthOf(index)));
            Refill();
            return true;
        }
    }

    /// <summary>Sends no more chunks of a content; those that are queued still go.</summary>
    public void Stop(ContentId content)
    {
        lock (_gate)
        {
            if (_here.Remove(content, out Sending? sending))
            {
                sending.IsStopped = true;
            }
        }
    }

    /// <summary>The receiver has a chunk, or it cannot be sent.</summary>
    public void Release(ChunkRef chunk)
    {
        lock (_gate)
        {
            if (_ahead.Remove(chunk, out Flight flight))
            {
                _aheadBytes -= flight.Length;
                Taken += flight.Length;
                Measure(flight);
                Refill();
            }
        }
    }

    /// <summary>More chunks of what is being sent may be here by now.</summary>
    public void Refill(ContentId content)
    {
        lock (_gate)
        {
            if (_here.ContainsKey(content))
            {
                Refill();
            }
        }
    }

    private void Measure(Flight flight)
    {
        TimeSpan delay = time.GetElapsedTime(flight.SentAt);
        _leastDelay = delay < _leastDelay ? delay : _leastDelay;
        _spanBytes += flight.Length;
        TimeSpan elapsed = time.GetElapsedTime(_spanStart);
        if (elapsed >= Span)
        {
            long pace = (long)(_spanBytes * ((Ahead + (AheadOfDelay * _leastDelay)) / elapsed));
            _window = Math.Clamp(Math.Max(pace, _window / 2), 1, MostBytes);
            _spanStart = time.GetTimestamp();
            _spanBytes = 0;
        }
    }

    // What has no further chunk just now, or is not to be sent any more, lets the others go on.
    private void Refill()
    {
        while (HasRoom() && _single.TryDequeue(out ChunkHeader single))
        {
            Send(single);
        }

        for (int passed = 0; passed < _sending.Count && HasRoom();)
        {
            Sending sending = _sending.Dequeue();
            if (sending.IsStopped || IsOver(sending))
            {
                continue;
            }

            passed = TrySend(sending) ? 0 : passed + 1;
            _sending.Enqueue(sending);
        }
    }

    private bool HasRoom() => _ahead.Count < LeastChunks || _aheadBytes < _window;

    private bool TrySend(Sending sending)
    {
        var chunk = new ChunkRef(sending.Manifest.Id, new ChunkIndex(sending.Next));
        if (!folder.Has(chunk))
        {
            return false;
        }

        sending.Next++;
        Send(new ChunkHeader(chunk, sending.Manifest.LengthOf(chunk.Index)));
        return true;
    }

    private void Send(ChunkHeader header)
    {
        if (_ahead.TryAdd(header.Chunk, new Flight(header.PayloadLength, time.GetTimestamp())))
        {
            _aheadBytes += header.PayloadLength;
            send(header);
        }
    }

    /// <summary>Whether nothing of a content is left to send.</summary>
    private bool IsOver(Sending sending)
    {
        while (sending.Next < sending.Manifest.ChunkCount && sending.Held[sending.Next])
        {
            sending.Next++;
        }

        bool isOver = sending.Next == sending.Manifest.ChunkCount;
        if (isOver)
        {
            _here.Remove(sending.Manifest.Id);
        }

        return isOver;
    }
}
