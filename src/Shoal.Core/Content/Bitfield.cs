using System.Numerics;

namespace Shoal.Core.Content;

/// <summary>
/// Which chunks of a content somebody has, one bit a chunk, as in BitTorrent (BEP 3): chunk 0 is the highest bit of
/// the first byte, bits behind the last chunk are zero.
/// </summary>
public sealed class Bitfield
{
    private readonly byte[] _bytes;

    /// <summary>An empty bitfield for a number of chunks.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public Bitfield(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _bytes = new byte[ByteCount(count)];
    }

    private Bitfield(int count, byte[] bytes)
    {
        Count = count;
        _bytes = bytes;
        foreach (byte b in bytes)
        {
            SetCount += BitOperations.PopCount(b);
        }
    }

    /// <summary>How many chunks the content has.</summary>
    public int Count { get; }

    /// <summary>How many of them are set.</summary>
    public int SetCount { get; private set; }

    /// <summary>Whether every chunk is set. An empty content is always complete.</summary>
    public bool IsComplete => SetCount == Count;

    /// <summary>The bits as they travel.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether a chunk is set.</summary>
    public bool this[int chunk] => (_bytes[chunk >> 3] & (0x80 >> (chunk & 7))) != 0;

    /// <summary>How many bytes a bitfield for so many chunks takes.</summary>
    public static int ByteCount(int count) => (count + 7) / 8;

    /// <summary>A bitfield with every chunk set.</summary>
    public static Bitfield Full(int count)
    {
        var bytes = new byte[ByteCount(count)];
        bytes.AsSpan().Fill(0xFF);
        if ((count & 7) != 0)
        {
            bytes[^1] = (byte)(0xFF << (8 - (count & 7)));
        }

        return new Bitfield(count, bytes);
    }

    /// <summary>Reads bits from outside. False if the length is wrong or a bit behind the last chunk is set.</summary>
    public static bool TryCreate(int count, ReadOnlySpan<byte> bytes, out Bitfield bitfield)
    {
        bitfield = null!;
        if (count < 0 || bytes.Length != ByteCount(count)
            || ((count & 7) != 0 && (byte)(bytes[^1] << (count & 7)) != 0))
        {
            return false;
        }

        bitfield = new Bitfield(count, bytes.ToArray());
        return true;
    }

    /// <summary>Sets a chunk; true if it was not set before.</summary>
    public bool Set(int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chunk, (uint)Count, nameof(chunk));
        byte mask = (byte)(0x80 >> (chunk & 7));
        if ((_bytes[chunk >> 3] & mask) != 0)
        {
            return false;
        }

        _bytes[chunk >> 3] |= mask;
        SetCount++;
        return true;
    }

    /// <summary>Clears a chunk; true if it was set before.</summary>
    public bool Clear(int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chunk, (uint)Count, nameof(chunk));
        byte mask = (byte)(0x80 >> (chunk & 7));
        if ((_bytes[chunk >> 3] & mask) == 0)
        {
            return false;
        }

        _bytes[chunk >> 3] &= (byte)~mask;
        SetCount--;
        return true;
    }

    /// <summary>A copy that changes alone.</summary>
    public Bitfield Clone() => new(Count, [.. _bytes]);
}
