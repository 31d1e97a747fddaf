using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire;

/// <summary>
/// Writes a frame whose body length is known beforehand; the counterpart of <see cref="WireReader"/>.
/// </summary>
internal ref struct WireWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly int _length;
    private Span<byte> _rest;

    public WireWriter(IBufferWriter<byte> output, FrameType type, int bodyLength)
    {
        if (bodyLength > Framing.LimitOf(type))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bodyLength), $"A {type} frame cannot have {bodyLength} bytes.");
        }

        _output = output;
        _length = FrameHeader.Size + bodyLength;
        Span<byte> frame = output.GetSpan(_length)[.._length];
        Framing.WriteHeader(frame, new FrameHeader(type, bodyLength));
        _rest = frame[FrameHeader.Size..];
    }

    /// <summary>Hands the frame over. The body must be full.</summary>
    public readonly void End()
    {
        Debug.Assert(_rest.IsEmpty, "A frame's length was not what was said.");
        _output.Advance(_length);
    }

    public static int SizeOf(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    /// <summary>A text for people, cut to what fits.</summary>
    public static string Sentence(string text)
    {
        int bytes = 0;
        int chars = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > WireLimits.SentenceBytes)
            {
                break;
            }

            chars += rune.Utf16SequenceLength;
        }

        return string.Create(chars, text, (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }

    public void U8(int value)
    {
        _rest[0] = (byte)value;
        _rest = _rest[1..];
    }

    public void Flag(bool value) => U8(value ? 1 : 0);

    public void U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_rest, checked((ushort)value));
        _rest = _rest[2..];
    }

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_rest, value);
        _rest = _rest[4..];
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_rest, value);
        _rest = _rest[8..];
    }

    public void Amount(double value)
    {
        BinaryPrimitives.WriteDoubleBigEndian(_rest, value);
        _rest = _rest[8..];
    }

    public void Span(TimeSpan value) => Long(value.Ticks);

    public static int SizeOf(TimeSpan? span) => span is null ? 1 : 9;

    public void OptionalSpan(TimeSpan? span)
    {
        Flag(span is not null);
        if (span is { } value)
        {
            Span(value);
        }
    }

    public void Text(string text, int most)
    {
        int length = Encoding.UTF8.GetBytes(text, _rest[2..]);
        if (length > most)
        {
            throw new ArgumentOutOfRangeException(nameof(text), $"'{text}' has more than {most} bytes.");
        }

        U16(length);
        _rest = _rest[length..];
    }

    public void Digest(Digest digest)
    {
        digest.CopyTo(_rest);
        _rest = _rest[Content.Digest.Size..];
    }

    public void ContentId(ContentId id) => Digest(id.Value);

    public void PeerId(PeerId id)
    {
        id.CopyTo(_rest);
        _rest = _rest[Roster.PeerId.Size..];
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }
}
