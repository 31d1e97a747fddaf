using System.Buffers;
using System.Buffers.Binary;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;

namespace Shoal.Tests.Wire;

/// <summary>Bytes that no honest end sends.</summary>
public sealed class HostileFrameTests
{
    private static readonly byte[] s_id = [.. Enumerable.Repeat((byte)7, Digest.Size)];

    [Fact]
    public void GarbageIsRefusedAndNeverThrows()
    {
        var random = new DeterministicRandom(1);
        foreach (Frames frames in Frames.All)
        {
            for (int i = 0; i < 20_000; i++)
            {
                byte[] bytes = RandomBytes(random, random.Next(64));
                if (bytes.Length > 4 && i % 2 == 0)
                {
                    // A header that is taken, so that the garbage reaches the body's parser.
                    BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - FrameHeader.Size);
                    bytes[4] = (byte)((int)frames.Conversation | random.Next(16));
                }

                CheckHarmless(frames, bytes);
            }
        }
    }

    [Fact]
    public void MutatedFramesAreReadOrRefusedAndNeverThrow()
    {
        var random = new DeterministicRandom(2);
        foreach (Frames frames in Frames.All)
        {
            for (ulong seed = 0; seed < 40; seed++)
            {
                foreach (object message in frames.Random(seed))
                {
                    byte[] frame = frames.Encode(message)[0];
                    for (int i = 0; i < 30; i++)
                    {
                        byte[] mutated = [.. frame];
                        for (int changes = 1 + random.Next(3); changes > 0; changes--)
                        {
                            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                        }

                        CheckHarmless(frames, mutated);
                    }
                }
            }
        }
    }

    [Fact]
    public void ALengthBeyondTheLimitIsRefusedBeforeTheBodyComes()
    {
        foreach (Frames frames in Frames.All)
        {
            for (int type = 0; type < 256; type++)
            {
                byte[] header = Header(type, Framing.LimitOf((FrameType)type) + 1);
                CheckInvalid(frames, header);
                BinaryPrimitives.WriteUInt32BigEndian(header, uint.MaxValue);
                CheckInvalid(frames, header);
            }
        }
    }

    [Fact]
    public void TypesOfOtherConversationsAreUnknown()
    {
        foreach (Frames frames in Frames.All)
        {
            for (int type = 0; type < 256; type++)
            {
                // The relay speaks as a peer, so a hub and its member understand what peers say.
                var conversation = (FrameConversation)(type & 0xF0);
                bool isKnown = conversation == frames.Conversation || conversation == FrameConversation.Peer;
                if (!Enum.IsDefined((FrameType)type) || !isKnown)
                {
                    CheckInvalid(frames, Header(type, 0));
                }
            }
        }
    }

    [Fact]
    public void BytesBehindTheEndAreRefused()
    {
        foreach (Frames frames in Frames.All)
        {
            foreach (object message in frames.Random(3))
            {
                byte[] frame = [.. frames.Encode(message)[0], 0];
                BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameHeader.Size);
                CheckInvalid(frames, frame);
            }
        }
    }

    [Theory]
    [InlineData("chunk index beyond every content", "11", "{id} 0001 00400000")]
    [InlineData("a run of no chunks", "11", "{id} 0000")]
    [InlineData("a run that promises more than it has", "12", "{id} ffff 00000001")]
    [InlineData("a bit behind the last chunk", "10", "{id} 00000003 f0")]
    [InlineData("a bitfield beyond every content", "10", "{id} 00400001")]
    [InlineData("a bitfield that is too short", "10", "{id} 00000011 ffff")]
    public void PeersCannotSay(string what, string type, string body) =>
        CheckBody(Frames.All[0], what, type, body);

    [Theory]
    [InlineData(
        "a chunk size that is no power from 2^14 on", "21", "0000000000000001 0d 00000000 00000001 {id}")]
    [InlineData("a chunk size beyond 4 MiB", "21", "0000000000000001 17 00000000 00000001 {id}")]
    [InlineData("a chunk size whose shift wraps", "21", "0000000000000001 2e 00000000 00000001 {id}")]
    [InlineData("a negative length", "21", "8000000000000001 0e 00000000 00000001 {id}")]
    [InlineData("more chunks than any content has", "21", "0000ffffffffffff 0e 00000000 00000001 {id}")]
    [InlineData("more digests than chunks", "21", "0000000000000001 0e 00000000 00000002 {id} {id}")]
    [InlineData("no digest where there are chunks", "21", "0000000000000001 0e 00000000 00000000")]
    [InlineData("a manifest that begins in the middle", "21", "0000000000100000 0e 00000001 00000001 {id}")]
    [InlineData("digests that are not there", "21", "0000000000100000 0e 00000000 00400000 {id}")]
    [InlineData("a digest count whose bytes overflow", "21", "0000000000100000 0e 00000000 7fffffff")]
    [InlineData("a name that leaves the folder", "22", "{peer} 0001 61 00 0005 2e2e2f6162")]
    [InlineData("an absolute name", "22", "{peer} 0001 61 00 0002 2f61")]
    [InlineData("a device name", "22", "{peer} 0001 61 00 0003 4e554c")]
    [InlineData("a name that is not UTF-8", "22", "{peer} 0001 61 00 0002 c080")]
    [InlineData("an empty name", "22", "{peer} 0001 61 00 0000")]
    [InlineData("an entry of unknown kind", "22", "{peer} 0001 61 03 0001 61")]
    [InlineData("a time beyond the year 9999", "22", "{peer} 0001 61 01 0001 61 {id} 7fffffffffffffff")]
    [InlineData("an origin with a control character", "22", "{peer} 0001 1b")]
    [InlineData("a tally that is no number", "27", "{long} {long} {long} {long} 7ff8000000000000 {long}")]
    [InlineData("a negative rate", "27", "{long} {long} {long} {long} bff0000000000000 {long}")]
    [InlineData("an infinite rate", "27", "{long} {long} {long} {long} 7ff0000000000000 {long}")]
    [InlineData("a negative count", "27", "ffffffffffffffff {long} {long} {long} {long} {long}")]
    [InlineData("a capacity of zero", "20", "0001 61 {peer} 0001 61 00 01 {long} 00000000 00000000 00 00")]
    [InlineData("a flag that is neither", "20", "0001 61 {peer} 0001 61 00 00 00000000 00000000 02 00")]
    [InlineData("a negative running time", "20",
        "0001 61 {peer} 0001 61 00 00 00000000 00000000 01 ffffffffffffffff 00")]
    [InlineData(
        "more endpoints than anybody has", "20", "0001 61 {peer} 0001 61 11 00 00000000 00000000 00 00")]
    [InlineData("a swarm without a name", "20", "0000 {peer} 0001 61 00 00 00000000 00000000 00 00")]
    public void MembersCannotSay(string what, string type, string body) =>
        CheckBody(Frames.All[1], what, type, body);

    [Theory]
    [InlineData("an unknown departure", "33", "{peer} 03")]
    [InlineData("a negative share", "39", "00000000 00000000 {peer} bff0000000000000 {long}")]
    [InlineData(
        "two shares of one peer", "39", "00000000 00000000 {peer} {long} {long} {peer} {long} {long}")]
    [InlineData("more trees than a plan has", "39", "00000000 00000011")]
    [InlineData("an unknown bound source", "3b", "{long} {long} 03 0000 {long}")]
    [InlineData("an owner and half a content", "36", "01 {peer} 0707")]
    public void HubsCannotSay(string what, string type, string body) =>
        CheckBody(Frames.All[2], what, type, body);

    [Fact]
    public void ManifestsDoNotMix()
    {
        byte[] first = Body("21", "0000000000100000 0e 00000000 00000001 {id}");
        byte[] gap = Body("21", "0000000000100000 0e 00000002 00000001 {id}");
        byte[] again = Body("21", "0000000000100000 0e 00000000 00000001 {id}");
        byte[] other = Body("21", "0000000000200000 0e 00000001 00000001 {id}");
        foreach (byte[] second in new[] { gap, again, other })
        {
            Frames.Decoder decode = Frames.All[1].NewDecoder();
            var input = new ReadOnlySequence<byte>(first);
            Assert.Equal(DecodeStatus.Done, decode(ref input, out object? message, out _));
            Assert.Empty(((MemberMessage.Describe)message!).Manifests);
            input = new ReadOnlySequence<byte>(second);
            Assert.Equal(DecodeStatus.Invalid, decode(ref input, out _, out _));
        }
    }

    [Fact]
    public void MemoryGrowsWithWhatCameAndNotWithWhatWasPromised()
    {
        // 4,194,304 digests are promised, 128 MiB; one comes.
        byte[] frame = Body("21", "0000001000000000 0e 00000000 00000001 {id}");
        Frames.Decoder decode = Frames.All[1].NewDecoder();
        var input = new ReadOnlySequence<byte>(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(DecodeStatus.Done, decode(ref input, out _, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void ChunkHeadersAreChecked()
    {
        var chunk = new ChunkHeader(new ChunkRef(new ContentId(new Digest(s_id)), new ChunkIndex(5)), 1000);
        var frame = new byte[ChunkHeader.FrameSize];
        chunk.WriteFrame(frame);

        Assert.Equal(
            DecodeStatus.Done,
            Framing.TryReadHeader(frame, FrameConversation.Peer, out FrameHeader header, out _));
        ReadOnlySpan<byte> body = frame.AsSpan(FrameHeader.Size);
        Assert.Equal(DecodeStatus.NeedMore, ChunkHeader.TryRead(header, body[..^1], out _, out _));
        Assert.Equal(DecodeStatus.Done, ChunkHeader.TryRead(header, body, out ChunkHeader back, out _));
        Assert.Equal(chunk, back);

        BinaryPrimitives.WriteInt32BigEndian(
            frame.AsSpan(FrameHeader.Size + Digest.Size), ChunkLayout.MostChunks);
        Assert.Equal(DecodeStatus.Invalid, ChunkHeader.TryRead(header, body, out _, out string? reason));
        Assert.NotNull(reason);
        BinaryPrimitives.WriteInt32BigEndian(frame, ChunkHeader.Size);
        Assert.Equal(
            DecodeStatus.Invalid, Framing.TryReadHeader(frame, FrameConversation.Peer, out _, out reason));
        Assert.Equal("a chunk without bytes", reason);
    }

    private static void CheckBody(Frames frames, string what, string type, string body)
    {
        var input = new ReadOnlySequence<byte>(Body(type, body));
        DecodeStatus status = frames.NewDecoder()(ref input, out object? message, out string? reason);
        Assert.True(
            status == DecodeStatus.Invalid && message is null && reason is not null, $"{what} was taken");
    }

    private static byte[] Body(string type, string body)
    {
        byte[] bytes = Convert.FromHexString(body.Replace("{id}", Convert.ToHexString(s_id))
            .Replace("{peer}", new string('1', 32)).Replace("{long}", new string('0', 16)).Replace(" ", ""));
        return [.. Header(Convert.ToInt32(type, 16), bytes.Length), .. bytes];
    }

    private static byte[] Header(int type, int length)
    {
        var header = new byte[FrameHeader.Size];
        BinaryPrimitives.WriteInt32BigEndian(header, length);
        header[4] = (byte)type;
        return header;
    }

    private static void CheckInvalid(Frames frames, byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(
            DecodeStatus.Invalid, frames.NewDecoder()(ref input, out object? message, out string? reason));
        Assert.Null(message);
        Assert.NotNull(reason);
        Assert.Equal(bytes.Length, input.Length);
    }

    private static void CheckHarmless(Frames frames, byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DecodeStatus status = frames.NewDecoder()(ref input, out object? message, out string? reason);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(status == DecodeStatus.Done, message is not null);
        Assert.Equal(status == DecodeStatus.Invalid, reason is not null);
        Assert.Equal(status == DecodeStatus.Done, input.Length < bytes.Length);
        Assert.InRange(allocated, 0, 100_000);
    }

    private static byte[] RandomBytes(DeterministicRandom random, int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.Next(256);
        }

        return bytes;
    }
}
