using System.Buffers;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Wire.Exchange;

/// <summary>The first frame between two peers, in each direction.</summary>
public static class IntroductionCodec
{
    //  0x01 Introduction   from (16) | to (16) | swarm (length u16, UTF-8)

    /// <summary>Reads an introduction.</summary>
    /// <param name="input">
    /// Bytes that begin with a frame; advanced behind it when done, else untouched.
    /// </param>
    /// <param name="introduction">The introduction, when done.</param>
    /// <param name="reason">What is wrong, when invalid.</param>
    public static DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, out PeerIntroduction? introduction, out string? reason) =>
        FrameBody.Decode<PeerIntroduction, object?>(
            ref input, FrameConversation.Introduction, null, Parse, out introduction, out reason);

    /// <summary>Writes an introduction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The swarm's name is too long.</exception>
    public static void Encode(PeerIntroduction introduction, IBufferWriter<byte> output)
    {
        int size = PeerId.Size + PeerId.Size + WireWriter.SizeOf(introduction.Swarm);
        var writer = new WireWriter(output, FrameType.Introduction, size);
        writer.PeerId(introduction.From);
        writer.PeerId(introduction.To);
        writer.Text(introduction.Swarm, WireLimits.SwarmNameBytes);
        writer.End();
    }

    private static PeerIntroduction Parse(FrameType type, ref WireReader reader, object? state)
    {
        PeerId from = reader.PeerId();
        PeerId to = reader.PeerId();
        return new PeerIntroduction(reader.Text("swarm name", WireLimits.SwarmNameBytes, least: 1), from, to);
    }
}
