using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Lottery;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Lottery;
using Shoal.Tests.Wire;

namespace Shoal.Tests.Lottery;

/// <summary>The text protocol, to the byte.</summary>
public sealed class AgencyTextTests
{
    private const string Bet1 =
        "{PlayerName:Tiago Nicolás,PlayerSurname:Rivera,PlayerDocID:34407251,PlayerDateOfBirth:2001-08-29,"
        + "WageredNumber:1033,AgencyID:1}";

    private const string Bet2 =
        "{PlayerName:Ana,PlayerSurname:Paz,PlayerDocID:7,PlayerDateOfBirth:1990-02-28,WageredNumber:0,AgencyID:1}";

    private const string Conversation = $"B{Bet1},{Bet2};N{{AgencyID:1}};Q{{AgencyID:1}};Xy;";

    [Fact]
    public void Messages_that_come_together_are_read_one_by_one_at_every_split()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Conversation);
        for (int at = 0; at <= bytes.Length; at++)
        {
            CheckConversation(Segments.InTwo(bytes, at));
        }

        CheckConversation(Segments.Single(bytes));
    }

    [Fact]
    public void A_message_without_its_end_is_waited_for_and_left_alone()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"B{Bet1};");
        for (int length = 0; length < bytes.Length; length++)
        {
            var input = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(DecodeStatus.NeedMore, AgencyTextCodec.TryDecode(ref input, Bets.Today, out _));
            Assert.Equal(length, input.Length);
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        foreach (AgencyMessage message in Decode(Conversation).Where(one => one is not AgencyMessage.Unreadable))
        {
            var output = new ArrayBufferWriter<byte>();
            AgencyTextCodec.Encode(message, output);
            string text = Encoding.UTF8.GetString(output.WrittenSpan);
            Assert.Contains(text, Conversation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Equal_bytes_have_equal_hashes_and_others_have_others()
    {
        var first = (AgencyMessage.Batch)Decode($"B{Bet1};")[0];
        Assert.Equal(first.Hash, ((AgencyMessage.Batch)Decode($"B{Bet1};")[0]).Hash);
        string zero = Bet2.Replace("Number:0", "Number:00", StringComparison.Ordinal);
        Assert.NotEqual(
            ((AgencyMessage.Batch)Decode($"B{Bet2};")[0]).Hash, ((AgencyMessage.Batch)Decode($"B{zero};")[0]).Hash);
    }

    [Theory]
    [InlineData("B", "bet 1")]
    [InlineData("B{}", "PlayerName")]
    [InlineData("B" + Bet1 + ",", "bet 2")]
    [InlineData("B" + Bet1 + "x", "something follows")]
    [InlineData("B" + Bet1 + Bet2, "something follows")]
    [InlineData("B " + Bet1, "PlayerName")]
    [InlineData("b" + Bet1, "begins with")]
    [InlineData("", "empty")]
    [InlineData("\n", "begins with")]
    [InlineData("N", "AgencyID")]
    [InlineData("N{AgencyID:}", "AgencyID")]
    [InlineData("N{AgencyID:0}", "AgencyID")]
    [InlineData("N{AgencyID:1} ", "AgencyID")]
    [InlineData("Q{AgencyID:1", "AgencyID")]
    [InlineData("Q{AgencyID:", "AgencyID")]
    [InlineData("Q{agencyID:1}", "AgencyID")]
    public void What_cannot_be_read_for_certain_is_refused(string text, string reason) =>
        Assert.Contains(reason, Reason($"{text};"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Ana,", "bet 2: there is no PlayerSurname")]
    [InlineData("An{a", "bet 2: there is no PlayerSurname")]
    [InlineData("An}a", "bet 2: there is no PlayerSurname")]
    [InlineData("An:a", "bet 2: there is no PlayerSurname")]
    [InlineData("", "bet 2: first name")]
    public void Signs_of_the_protocol_in_a_name_refuse_the_batch(string name, string reason) => Assert.Contains(
        reason,
        Reason($"B{Bet1},{Bet2.Replace("Name:Ana", $"Name:{name}", StringComparison.Ordinal)};"),
        StringComparison.Ordinal);

    [Fact]
    public void A_semicolon_in_a_name_spoils_its_batch_and_nothing_else()
    {
        ImmutableArray<AgencyMessage> read =
            Decode($"B{Bet2.Replace("Ana", "A;na", StringComparison.Ordinal)};N{{AgencyID:1}};");
        Assert.Equal(3, read.Length);
        Assert.IsType<AgencyMessage.Unreadable>(read[0]);
        Assert.IsType<AgencyMessage.Unreadable>(read[1]);
        Assert.IsType<AgencyMessage.Close>(read[2]);
    }

    [Fact]
    public void A_bet_of_another_agency_refuses_the_batch() => Assert.Contains(
        "bet 2: agency",
        Reason($"B{Bet1},{Bet2.Replace("AgencyID:1", "AgencyID:2", StringComparison.Ordinal)};"),
        StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_UTF_8_refuse_the_batch()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"B{Bet2};");
        bytes[Encoding.UTF8.GetByteCount("B{PlayerName:")] = 0xFF;
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(DecodeStatus.Done, AgencyTextCodec.TryDecode(ref input, Bets.Today, out AgencyMessage? message));
        Assert.Contains("not UTF-8", Assert.IsType<AgencyMessage.Unreadable>(message).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_may_have_a_mebibyte_and_not_one_byte_more()
    {
        byte[] longest = new byte[AgencyTextCodec.LongestMessage];
        longest.AsSpan().Fill((byte)'x');
        var endless = new ReadOnlySequence<byte>(longest);
        Assert.Equal(DecodeStatus.Invalid, AgencyTextCodec.TryDecode(ref endless, Bets.Today, out _));
        longest[^1] = (byte)';';
        var input = new ReadOnlySequence<byte>(longest);
        Assert.Equal(DecodeStatus.Done, AgencyTextCodec.TryDecode(ref input, Bets.Today, out _));
        var longer = new ReadOnlySequence<byte>([(byte)'x', .. longest]);
        Assert.Equal(DecodeStatus.Invalid, AgencyTextCodec.TryDecode(ref longer, Bets.Today, out _));
    }

    [Fact]
    public void Answers_have_their_bytes()
    {
        Assert.Equal("ACK_CHUNK;", Encode(new LotteryAnswer.BatchStored()));
        Assert.Equal("ACK_NOTIFY;", Encode(new LotteryAnswer.Closed()));
        Assert.Equal("W;", Encode(new LotteryAnswer.Wait()));
        Assert.Equal("R;", Encode(new LotteryAnswer.Winners([])));
        Assert.Equal("R{PlayerDocID:7};", Encode(new LotteryAnswer.Winners(["7"])));
        Assert.Equal("R{PlayerDocID:7},{PlayerDocID:08};", Encode(new LotteryAnswer.Winners(["7", "08"])));
        Assert.Equal("E{Reason:a b   c};", Encode(new LotteryAnswer.Refusal("a;b}\n{c")));
    }

    [Fact]
    public void Rows_are_quoted_only_where_that_is_needed()
    {
        Bet plain = Bets.Of(1, 30904465, 7);
        Assert.Equal(
            "1,Ana,Paz,30904465,1990-02-28,7\r\n1,\"A \"\"x\"\", y\",Paz,30904465,1990-02-28,7\r\n",
            Encoding.UTF8.GetString(BetRows.Encode([plain, plain with { FirstName = "A \"x\", y" }])));
    }

    private static void CheckConversation(ReadOnlySequence<byte> input)
    {
        ImmutableArray<AgencyMessage> read = Decode(input);
        Assert.Equal(4, read.Length);
        var batch = Assert.IsType<AgencyMessage.Batch>(read[0]);
        Assert.Equal(new AgencyId(1), batch.Agency);
        Assert.Equal(
            new Bet(new AgencyId(1), "Tiago Nicolás", "Rivera", "34407251", new DateOnly(2001, 8, 29), 1033),
            batch.List[0]);
        Assert.Equal(Bets.Of(1, 7, 0), batch.List[1]);
        Assert.Equal(new AgencyMessage.Close(new AgencyId(1)), read[1]);
        Assert.Equal(new AgencyMessage.Query(new AgencyId(1)), read[2]);
        Assert.IsType<AgencyMessage.Unreadable>(read[3]);
    }

    private static string Reason(string text) => Assert.IsType<AgencyMessage.Unreadable>(Decode(text)[0]).Reason;

    private static ImmutableArray<AgencyMessage> Decode(string text) =>
        Decode(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));

    private static ImmutableArray<AgencyMessage> Decode(ReadOnlySequence<byte> input)
    {
        var read = new List<AgencyMessage>();
        while (AgencyTextCodec.TryDecode(ref input, Bets.Today, out AgencyMessage? message) == DecodeStatus.Done)
        {
            read.Add(message!);
        }

        Assert.Equal(0, input.Length);
        return [.. read];
    }

    private static string Encode(LotteryAnswer answer)
    {
        var output = new ArrayBufferWriter<byte>();
        LotteryAnswerCodec.Encode(answer, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
