using System.Buffers;
using System.Numerics;

namespace Shoal.Hosts.Lottery;

/// <summary>
/// Bytes on their way in, in a borrowed buffer that grows with them and is given back when there are none; what it has
/// counts against a budget.
/// </summary>
internal sealed class ArrivingBytes : IDisposable
{
    /// <summary>Room at most for what comes faster than it is answered.</summary>
    public const int MostAhead = 128 * 1024;

    // A message of existing agencies has room in it. Who says much and sends nothing gets no more than this.
    private const int FirstSize = 8 * 1024;

    private readonly ArrivalBudget _budget;
    private readonly ArrivalShare _share;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _wanted = FirstSize;

    /// <param name="budget">What it counts against.</param>
    /// <param name="dropped">Cancelled when the memory is needed for others; the caller's.</param>
    public ArrivingBytes(ArrivalBudget budget, CancellationTokenSource dropped)
    {
        _budget = budget;
        _share = new ArrivalShare(() => Cancel(dropped));
    }

    /// <summary>What has come; valid until there is room for more, or this is disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether nothing is here.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Whether it was given up for others.</summary>
    public bool IsDropped => _share.IsDropped;

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_end);

    /// <summary>
    /// Makes room for more, twice as much as there is if there is none left. False: there is no memory for it, and
    /// this is given up.
    /// </summary>
    public bool TryMakeRoom()
    {
        int wanted = _budget.HasPlenty ? _wanted : FirstSize;
        if (_buffer.Length < wanted)
        {
            return TryRent(wanted);
        }

        if (_start > 0)
        {
            Bytes.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        return _end < _buffer.Length || TryRent(2 * _buffer.Length);
    }

    /// <summary>So many bytes have come into the room.</summary>
    public void Came(int bytes) => _end += bytes;

    /// <summary>
    /// The first bytes are not needed any more. The next will have as much room as these had filled; twice as much
    /// where that was all there was, for then more may wait behind them.
    /// </summary>
    public void Take(int bytes)
    {
        if (bytes > 0 && _start == 0)
        {
            int filled = _end == _buffer.Length ? 2 * _end : _end;
            _wanted = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(filled, FirstSize, MostAhead));
        }

        _start += bytes;
        if (IsEmpty)
        {
            GiveBack();
        }
    }

    /// <summary>What has come is worked on, and not given up meanwhile. False: it is given up already.</summary>
    public bool TryBeginWork() => _budget.TrySetWhole(_share, isWhole: true);

    /// <summary>What is left may be given up again.</summary>
    public void EndWork() => _budget.TrySetWhole(_share, isWhole: false);

    /// <inheritdoc/>
    public void Dispose() => GiveBack();

    private bool TryRent(int size)
    {
        // What is borrowed has this size exactly, as all powers of two have, so it counts as what it is.
        if (!_budget.TryHold(_share, size))
        {
            return false;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        byte[] old = _buffer;
        (_buffer, _start, _end) = (larger, 0, _end - _start);
        Return(old);
        return true;
    }

    private void GiveBack()
    {
        byte[] old = _buffer;
        (_buffer, _start, _end) = ([], 0, 0);
        Return(old);
        _budget.TryHold(_share, 0);
    }

    // Whoever needs the memory does not wait for those who hear of it. Who has ended meanwhile need not hear.
    private static void Cancel(CancellationTokenSource dropped)
    {
        try
        {
            _ = dropped.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
