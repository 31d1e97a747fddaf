using System.Buffers;

namespace Shoal.Core.Wire;

/// <summary>One end of a connection: what it understands and what it says.</summary>
/// <typeparam name="TIn">What comes.</typeparam>
/// <typeparam name="TOut">What goes.</typeparam>
public interface IConversation<TIn, in TOut>
    where TIn : class
    where TOut : class
{
    /// <summary>The kind of frames that come.</summary>
    FrameConversation Incoming { get; }

    /// <summary>
    /// Reads the next message; chunk frames are not messages and are read by the connection.
    /// </summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="message">The message, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out TIn? message, out string? reason);

    /// <summary>Writes the next frame of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cursor">How far it is written; new for each message.</param>
    /// <param name="output">Gets the frame.</param>
    /// <returns>Whether the message needs more frames.</returns>
    bool EncodeNext(TOut message, ref EncodeCursor cursor, IBufferWriter<byte> output);
}
