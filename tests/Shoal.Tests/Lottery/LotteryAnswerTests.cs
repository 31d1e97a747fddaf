using System.Buffers;
using System.Text;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Lottery;

/// <summary>What the hub answers in the text protocol, and rows of bets.</summary>
public sealed class LotteryAnswerTests
{
    private const string Answers =
        "ACK_CHUNK;ACK_NOTIFY;W;R;R{PlayerDocID:7};R{PlayerDocID:1},{PlayerDocID:2};E{Reason:bet 1: ñ};";

    [Fact]
    public void Answers_are_read_at_every_split_as_they_were_written()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Answers);
        for (int at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Answers, ReadAndWrite(Segments.InTwo(bytes, at)));
        }

        Assert.Equal(Answers, ReadAndWrite(Segments.Single(bytes)));
        for (int length = 0; length < "ACK_CHUNK;".Length; length++)
        {
            var input = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(DecodeStatus.NeedMore, LotteryAnswerCodec.TryDecode(ref input, out _));
            Assert.Equal(length, input.Length);
        }
    }

    [Theory]
    [InlineData(";")]
    [InlineData("ack_chunk;")]
    [InlineData("R{PlayerDocID:};")]
    [InlineData("R{PlayerDocID:1},;")]
    [InlineData("R{PlayerDocID:1x};")]
    [InlineData("R,;")]
    [InlineData("E{Reason:;")]
    public void What_is_no_answer_is_refused(string text)
    {
        var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text));
        Assert.Equal(DecodeStatus.Invalid, LotteryAnswerCodec.TryDecode(ref input, out _));
    }

    [Fact]
    public void An_answer_without_end_is_refused_at_its_limit()
    {
        byte[] endless = new byte[LotteryAnswerCodec.LongestAnswer];
        var input = new ReadOnlySequence<byte>(endless, 0, endless.Length - 1);
        Assert.Equal(DecodeStatus.NeedMore, LotteryAnswerCodec.TryDecode(ref input, out _));
        input = new ReadOnlySequence<byte>(endless);
        Assert.Equal(DecodeStatus.Invalid, LotteryAnswerCodec.TryDecode(ref input, out _));
    }

    [Fact]
    public void A_refusal_says_whether_another_attempt_is_worth_it()
    {
        Assert.True(new LotteryAnswer.Refusal($"{LotteryAnswer.Refusal.TryAgain}full").IsPassing);
        Assert.False(new LotteryAnswer.Refusal("full").IsPassing);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a,b", "a|b")]
    [InlineData("a,,", "a||")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"a\"\"b\",\"\"", "a\"b|")]
    public void A_row_is_taken_apart(string row, string values)
    {
        char[] text = row.ToCharArray();
        var found = new Range[5];
        int? count = BetRows.Split(text, found);
        Assert.Equal(values, string.Join('|', found.Take(count!.Value).Select(one => new string(text.AsSpan(one)))));
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("\"a")]
    [InlineData("\"a\"b")]
    [InlineData("a,\"b\" ")]
    public void A_row_with_a_stray_quotation_mark_is_none(string row) =>
        Assert.Null(BetRows.Split(row.ToCharArray(), new Range[5]));

    [Fact]
    public void Of_a_row_with_too_many_values_only_that_is_told() =>
        Assert.Equal(3, BetRows.Split("a,b,c,d".ToCharArray(), new Range[2]));

    private static string ReadAndWrite(ReadOnlySequence<byte> input)
    {
        var output = new ArrayBufferWriter<byte>();
        while (LotteryAnswerCodec.TryDecode(ref input, out LotteryAnswer? answer) == DecodeStatus.Done)
        {
            LotteryAnswerCodec.Encode(answer!, output);
        }

        Assert.True(input.IsEmpty);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
