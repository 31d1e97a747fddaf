using System.Buffers;
using Shoal.Core.Members;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Rpc;

namespace Shoal.Tests.Wire;

/// <summary>Remote procedure calls, byte for byte.</summary>
public sealed class RpcCodecTests
{
    private const string Call =
        "80000058" + "00000007" + "00000000" + "00000002" + "20000099" + "00000001" + "00000001"
        + "00000000" + "00000000" + "00000000" + "00000000"
        + "00000005" + "616e6e6131000000"
        + "00000008" + "5245474953544552"
        + "00000013" + "32352f31312f323032362031373a33303a303500";

    private static readonly AuditEntry s_entry = new("anna1", "REGISTER", "25/11/2026 17:30:05");

    [Fact]
    public void A_call_is_what_the_page_draws()
    {
        var output = new ArrayBufferWriter<byte>();
        AuditCodec.EncodeCall(output, 7, s_entry);
        Assert.Equal(Call, Convert.ToHexStringLower(output.WrittenSpan));
        RpcCall call = RpcCodec.DecodeCall(Record(Convert.FromHexString(Call)))!;
        Assert.Equal((7u, 2u), (call.Id, call.Protocol));
        Assert.Equal((0x20000099u, 1u, 1u), (call.Program, call.Version, call.Procedure));
        Assert.Equal(s_entry, AuditCodec.DecodeArguments(call.Arguments.Span));
    }

    [Theory]
    [InlineData(RpcOutcome.Done, "80000018", "00000000", "00000000")]
    [InlineData(RpcOutcome.NoSuchProgram, "80000018", "00000000", "00000001")]
    [InlineData(RpcOutcome.NoSuchVersion, "80000020", "00000000", "00000002" + "00000001" + "00000001")]
    [InlineData(RpcOutcome.NoSuchProcedure, "80000018", "00000000", "00000003")]
    [InlineData(RpcOutcome.BadArguments, "80000018", "00000000", "00000004")]
    [InlineData(RpcOutcome.Failed, "80000018", "00000000", "00000005")]
    public void A_reply_is_what_the_page_draws(RpcOutcome outcome, string mark, string status, string end)
    {
        string hex = $"{mark}0000000700000001{status}0000000000000000{end}";
        RpcCall call = RpcCodec.DecodeCall(Record(Convert.FromHexString(Call)))!;
        var record = new ArrayBufferWriter<byte>();
        RpcCodec.EncodeReply(record, call, outcome, AuditCodec.Version);
        var output = new ArrayBufferWriter<byte>();
        RecordMark.Encode(output, record.WrittenSpan);
        Assert.Equal(hex, Convert.ToHexStringLower(output.WrittenSpan));
        RpcReply reply = RpcCodec.DecodeReply(record.WrittenMemory)!;
        Assert.Equal((7u, outcome), (reply.Id, reply.Outcome));
    }

    [Fact]
    public void A_call_of_another_protocol_is_denied()
    {
        RpcCall call = RpcCodec.DecodeCall(Convert.FromHexString("000000070000000000000003200000990000000100000001"))!;
        Assert.Equal(3u, call.Protocol);
        var record = new ArrayBufferWriter<byte>();
        RpcCodec.EncodeReply(record, call, RpcOutcome.Denied, AuditCodec.Version);
        Assert.Equal("000000070000000100000001000000000000000200000002", Convert.ToHexStringLower(record.WrittenSpan));
        Assert.Equal(RpcOutcome.Denied, RpcCodec.DecodeReply(record.WrittenMemory)!.Outcome);
    }

    [Fact]
    public void Credentials_are_read_over_and_their_length_is_limited()
    {
        byte[] head = Convert.FromHexString("000000070000000000000002200000990000000100000001");
        byte[] own = Convert.FromHexString("00000001" + "00000005" + "0102030405000000" + "0000000000000000");
        byte[] system = [.. head, .. own, 9];
        Assert.Equal([9], RpcCodec.DecodeCall(system)!.Arguments.ToArray());
        byte[] most = [.. head, .. Convert.FromHexString("0000000100000190"), .. new byte[400 + 8]];
        Assert.NotNull(RpcCodec.DecodeCall(most));
        byte[] tooLong = [.. head, .. Convert.FromHexString("0000000100000191"), .. new byte[404 + 8]];
        Assert.Null(RpcCodec.DecodeCall(tooLong));
    }

    [Theory]
    [InlineData(256, 269, 20, true)]
    [InlineData(257, 1, 1, false)]
    [InlineData(1, 270, 1, false)]
    [InlineData(1, 1, 21, false)]
    [InlineData(0, 0, 0, true)]
    public void Texts_have_the_lengths_that_the_program_declares(int user, int operation, int stamp, bool isRight)
    {
        var output = new ArrayBufferWriter<byte>();
        AuditCodec.EncodeCall(
            output, 1, new AuditEntry(new string('u', user), new string('o', operation), new string('s', stamp)));
        RpcCall call = RpcCodec.DecodeCall(Record(output.WrittenSpan.ToArray()))!;
        Assert.Equal(isRight, AuditCodec.DecodeArguments(call.Arguments.Span) is not null);
        Assert.Null(AuditCodec.DecodeArguments(call.Arguments.Span[..^4]));
    }

    [Fact]
    public void A_record_comes_in_any_fragments_and_any_splits()
    {
        byte[] record = Record(Convert.FromHexString(Call));
        for (int cut = 0; cut <= record.Length; cut++)
        {
            byte[] bytes =
            [
                .. Fragment(record[..cut], 0), .. Fragment([], 0), .. Fragment(record[cut..], 0x80), 1, 2, 3,
            ];
            for (int known = 0; known < bytes.Length - 3; known++)
            {
                var part = new ReadOnlySequence<byte>(bytes, 0, known);
                Assert.Equal(DecodeStatus.NeedMore, RecordMark.TryDecode(ref part, 1000, out _));
                Assert.Equal(known, part.Length);
            }

            var whole = new ReadOnlySequence<byte>(bytes);
            Assert.Equal(DecodeStatus.Done, RecordMark.TryDecode(ref whole, 1000, out byte[] read));
            Assert.Equal(record, read);
            Assert.Equal([1, 2, 3], whole.ToArray());
        }
    }

    [Fact]
    public void A_record_that_is_too_long_is_refused_before_its_bytes_are_there()
    {
        var announced = new ReadOnlySequence<byte>(Convert.FromHexString("800003e5"));
        Assert.Equal(DecodeStatus.Invalid, RecordMark.TryDecode(ref announced, 1000, out _));
        var empty = new ReadOnlySequence<byte>(new byte[4 * 300]);
        Assert.Equal(DecodeStatus.Invalid, RecordMark.TryDecode(ref empty, 1000, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000007")]
    [InlineData("000000070000000100000000000000000000000000000000")]
    [InlineData("000000070000000000000002200000990000000100000001")]
    public void What_is_no_call_is_none(string hex) => Assert.Null(RpcCodec.DecodeCall(Convert.FromHexString(hex)));

    [Fact]
    public void Port_mappers_are_asked_and_told()
    {
        const string head = "00000005" + "00000000" + "00000002" + "000186a0";
        const string nobody = "00000000" + "00000000" + "00000000" + "00000000";
        var ask = new ArrayBufferWriter<byte>();
        PortMapperCodec.EncodeAsk(ask, 5, 0x20000099, 1);
        Assert.Equal(
            head + "00000002" + "00000003" + nobody + "20000099" + "00000001" + "00000006" + "00000000",
            Convert.ToHexStringLower(ask.WrittenSpan));
        var set = new ArrayBufferWriter<byte>();
        PortMapperCodec.EncodeSet(set, 5, 0x20000099, 1, 5003);
        Assert.Equal(
            head + "00000004" + "00000001" + nobody + "20000099" + "00000001" + "00000003" + "74637000"
            + "0000000e" + Convert.ToHexStringLower("0.0.0.0.19.139"u8) + "0000" + "00000000",
            Convert.ToHexStringLower(set.WrittenSpan));
        RpcReply port = RpcCodec.DecodeReply(Convert.FromHexString($"0000000500000001{nobody}0000138b"))!;
        Assert.Equal(5003u, PortMapperCodec.DecodeResult(port));
    }

    private static byte[] Fragment(byte[] bytes, byte mark) =>
        [mark, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];

    private static byte[] Record(byte[] marked)
    {
        var input = new ReadOnlySequence<byte>(marked);
        Assert.Equal(DecodeStatus.Done, RecordMark.TryDecode(ref input, 1 << 20, out byte[] record));
        return record;
    }
}
