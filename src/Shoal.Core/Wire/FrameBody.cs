using System.Buffers;

namespace Shoal.Core.Wire;

/// <summary>
/// Reads the body of one frame; null where the type has no such body. Failures stay in the reader.
/// </summary>
internal delegate TMessage? BodyParser<TMessage, in TState>(
    FrameType type, ref WireReader reader, TState state)
    where TMessage : class;

/// <summary>What the codecs of all conversations share.</summary>
internal static class FrameBody
{
    public static DecodeStatus Decode<TMessage, TState>(
        ref ReadOnlySequence<byte> input, FrameConversation conversation, TState state,
        BodyParser<TMessage, TState> parse, out TMessage? message, out string? reason)
        where TMessage : class
    {
        message = null;
        ReadOnlySequence<byte> rest = input;
        DecodeStatus status =
            Framing.TryReadFrame(
                ref rest, conversation, out FrameType type, out ReadOnlySequence<byte> body, out reason);
        if (status != DecodeStatus.Done)
        {
            return status;
        }

        if (body.IsSingleSegment)
        {
            message = Parse(type, body.FirstSpan, state, parse, out reason);
        }
        else
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
            body.CopyTo(copy);
            message = Parse(type, copy.AsSpan(0, (int)body.Length), state, parse, out reason);
            ArrayPool<byte>.Shared.Return(copy);
        }

        if (message is null)
        {
            return DecodeStatus.Invalid;
        }

        input = rest;
        return DecodeStatus.Done;
    }

    /// <summary>Writes a frame that is its type and nothing else.</summary>
    /// <returns>False: the message needs no more frames.</returns>
    public static bool EncodeEmpty(FrameType type, IBufferWriter<byte> output)
    {
        new WireWriter(output, type, 0).End();
        return false;
    }

    private static TMessage? Parse<TMessage, TState>(
        FrameType type, ReadOnlySpan<byte> body, TState state, BodyParser<TMessage, TState> parse,
        out string? reason)
        where TMessage : class
    {
        var reader = new WireReader(body);
        TMessage? message = parse(type, ref reader, state);
        string? failure = reader.End() ?? (message is null ? "no message of this conversation" : null);
        reason = failure is null ? null : $"{type}: {failure}";
        return failure is null ? message : null;
    }
}
