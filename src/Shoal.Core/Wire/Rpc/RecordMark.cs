using System.Buffers;
using System.Buffers.Binary;

namespace Shoal.Core.Wire.Rpc;

/// <summary>
/// The record marking of remote procedure calls over TCP (RFC 5531, section 11): a record comes in fragments.
/// <code>
///   fragment   1 bit: the last | 31 bits: length | bytes
/// </code>
/// </summary>
public static class RecordMark
{
    private const int HeaderBytes = 4;
    private const uint Last = 0x80000000;

    /// <summary>
    /// Reads a record. Invalid: it is longer than <paramref name="most"/> bytes, its headers included, so that a record
    /// of empty fragments ends too.
    /// </summary>
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, int most, out byte[] record)
    {
        record = [];
        ReadOnlySequence<byte> rest = input;
        long total = 0;
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (bool isLast = false; !isLast;)
        {
            if (rest.Length < HeaderBytes)
            {
                return DecodeStatus.NeedMore;
            }

            rest.Slice(0, HeaderBytes).CopyTo(header);
            uint mark = BinaryPrimitives.ReadUInt32BigEndian(header);
            isLast = (mark & Last) != 0;
            uint length = mark & ~Last;
            total += HeaderBytes + length;
            if (total > most)
            {
                return DecodeStatus.Invalid;
            }

            if (rest.Length < HeaderBytes + length)
            {
                return DecodeStatus.NeedMore;
            }

            record = [.. record, .. rest.Slice(HeaderBytes, length).ToArray()];
            rest = rest.Slice(HeaderBytes + length);
        }

        input = rest;
        return DecodeStatus.Done;
    }

    /// <summary>Writes a record as one fragment.</summary>
    public static void Encode(IBufferWriter<byte> output, ReadOnlySpan<byte> record)
    {
        output.WriteNumber(Last | (uint)record.Length);
        output.Write(record);
    }
}
