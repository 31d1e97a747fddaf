using System.Buffers;
using System.Globalization;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// What comes before the content of a file.
/// <code>
///   ascii-nul, ascii-bare   '0' \0  content until the connection closes    or  '1' \0  or  '2' \0
///   raw                     0x00  size \0  content                         or  0x01    or  0x02
/// </code>
/// </summary>
public static class FetchReplyCodec
{
    private const int MostSizeBytes = 20;

    /// <summary>Writes what comes before the content.</summary>
    public static void Encode(IBufferWriter<byte> output, DirectoryStyle style, FetchReply reply)
    {
        if (style != DirectoryStyle.Raw)
        {
            ReplyCodec.WriteCode(output, DirectoryStyle.AsciiNul, (int)reply.Result);
            return;
        }

        output.WriteByte((byte)reply.Result);
        if (reply.Result == FetchResult.Found)
        {
            output.WriteField(reply.Size!.Value);
        }
    }

    /// <summary>Reads what comes before the content, in any style. What is left of the input is content.</summary>
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out FetchReply? reply)
    {
        reply = null;
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryRead(out byte code))
        {
            return DecodeStatus.NeedMore;
        }

        bool isRaw = code <= 9;
        int result = isRaw ? code : code - '0';
        if (result is < 0 or > 9)
        {
            return DecodeStatus.Invalid;
        }

        long? size = null;
        DecodeStatus status = result != (int)FetchResult.Found
            ? DecodeStatus.Done
            : isRaw ? ReadSize(ref reader, out size) : SkipEnd(ref reader);
        if (status == DecodeStatus.Done)
        {
            input = input.Slice(reader.Position);
            reply = new FetchReply(
                result <= (int)FetchResult.NoSuchFile ? (FetchResult)result : FetchResult.Refused, size);
        }

        return status;
    }

    private static DecodeStatus SkipEnd(ref SequenceReader<byte> reader)
    {
        if (!reader.TryPeek(out byte next))
        {
            return DecodeStatus.NeedMore;
        }

        reader.Advance(next == 0 ? 1 : 0);
        return DecodeStatus.Done;
    }

    private static DecodeStatus ReadSize(ref SequenceReader<byte> reader, out long? size)
    {
        size = null;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> field, 0))
        {
            return reader.Remaining < MostSizeBytes ? DecodeStatus.NeedMore : DecodeStatus.Invalid;
        }

        if (field.Length > MostSizeBytes
            || !long.TryParse(field.ToArray(), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return DecodeStatus.Invalid;
        }

        size = number;
        return DecodeStatus.Done;
    }
}

/// <summary>What a user's machine answers to a request for a file.</summary>
/// <param name="Result">Whether its content follows.</param>
/// <param name="Size">How many bytes that has; null: it ends when the connection does.</param>
public sealed record FetchReply(FetchResult Result, long? Size);
