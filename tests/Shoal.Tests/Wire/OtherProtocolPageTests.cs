using System.Buffers;
using System.Text;
using Shoal.Core.Lottery;
using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;
using Shoal.Core.Wire.Lottery;
using Shoal.Core.Wire.Rpc;
using Shoal.Tests.Architecture;
using Shoal.Tests.Members;

namespace Shoal.Tests.Wire;

/// <summary>docs/protocol.md has the protocols of other programs as the codecs speak them.</summary>
public sealed class OtherProtocolPageTests
{
    private static readonly string s_page = Repository.Read("docs/protocol.md");
    private static readonly string[] s_likeRegister = ["UNREGISTER", "DISCONNECT", "LIST_USERS"];

    [Fact]
    public void Every_request_to_a_directory()
    {
        const string Stamp = "25/11/2026 17:30:05";
        Assert.All(DirectoryBytes.Requests, request =>
        {
            string bytes = DirectoryBytes.Text(DirectoryBytes.Encode(Stamp, request));
            string word = bytes.Split('\\')[0];
            Assert.Contains(s_likeRegister.Contains(word) ? word : $"    {bytes}", s_page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_form_and_code_of_a_reply()
    {
        foreach (DirectoryOperation operation in Enum.GetValues<DirectoryOperation>())
        {
            string[] cells = s_page.Split('\n')
                .Single(line => line.StartsWith($"| {DirectoryWords.Of(operation)} | done", StringComparison.Ordinal))
                .Split('|', StringSplitOptions.TrimEntries)[2..^1];
            foreach (DirectoryReply reply in DirectoryBytes.RepliesTo(operation))
            {
                Assert.Equal(
                    WordsOf(reply.Result), cells[ReplyCodes.Of(operation, reply.Result)], ignoreCase: true);
                if (reply.Result == DirectoryResult.Done)
                {
                    Assert.All(Enum.GetValues<DirectoryStyle>(), style => CheckForm(style, operation, reply));
                }
            }
        }
    }

    [Fact]
    public void Every_message_of_an_agency_and_every_answer()
    {
        var agency = new AgencyId(1);
        Bet bet = new(agency, "Ana", "Paz", "30876370", new DateOnly(1999, 3, 17), 7574);
        AgencyMessage[] messages =
        [
            new AgencyMessage.Batch(agency, [bet], default), new AgencyMessage.Close(agency),
            new AgencyMessage.Query(agency),
        ];
        LotteryAnswer[] answers =
        [
            new LotteryAnswer.BatchStored(), new LotteryAnswer.Closed(), new LotteryAnswer.Wait(),
            new LotteryAnswer.Winners(["30876370", "24807259"]),
            new LotteryAnswer.Refusal("agency 9 is not on the roster"),
        ];
        Assert.All(messages, message => Assert.Contains(
            $"    agency   {Text(output => AgencyTextCodec.Encode(message, output))}", s_page,
            StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Contains(
            $"    hub      {Text(output => LotteryAnswerCodec.Encode(answer, output))}", s_page,
            StringComparison.Ordinal));
        Assert.Equal("R;", Text(output => LotteryAnswerCodec.Encode(new LotteryAnswer.Winners([]), output)));
    }

    [Fact]
    public void A_call_of_the_log_and_its_reply()
    {
        var call = new ArrayBufferWriter<byte>();
        AuditCodec.EncodeCall(call, 7, new AuditEntry("anna", "PUBLISH film", "25/11/2026 17:30:05"));
        Assert.Contains(Hex(call.WrittenSpan), s_page, StringComparison.Ordinal);

        var reply = new ArrayBufferWriter<byte>();
        var record = new ArrayBufferWriter<byte>();
        RpcCall answered = RpcCodec.DecodeCall(call.WrittenMemory[4..])!;
        RpcCodec.EncodeReply(record, answered, RpcOutcome.Done, AuditCodec.Version);
        RecordMark.Encode(reply, record.WrittenSpan);
        Assert.Contains(Hex(reply.WrittenSpan), s_page, StringComparison.Ordinal);
    }

    private static void CheckForm(DirectoryStyle style, DirectoryOperation operation, DirectoryReply reply)
    {
        string bytes = DirectoryBytes.Text(DirectoryBytes.Encode(style, operation, reply));
        bool isEmptyList = operation is DirectoryOperation.ListUsers or DirectoryOperation.ListContent
            && !bytes.Contains("\\02", StringComparison.Ordinal) && !bytes.StartsWith("02", StringComparison.Ordinal);
        string row = s_page.Split('\n').Single(line => line.StartsWith(
            style switch
            {
                DirectoryStyle.AsciiNul => "    ascii-nul ",
                DirectoryStyle.Raw => "    raw ",
                _ => "    ascii-bare ",
            },
            StringComparison.Ordinal));
        Assert.True(isEmptyList || $"{row} ".Contains($" {bytes} ", StringComparison.Ordinal), $"{bytes} not in {row}");
    }

    private static string WordsOf(DirectoryResult result) => string.Concat(
        result.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}"));

    private static string Text(Action<IBufferWriter<byte>> encode)
    {
        var output = new ArrayBufferWriter<byte>();
        encode(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join('\n', Convert.ToHexStringLower(bytes)
        .Chunk(2).Select(digits => new string(digits)).Chunk(32).Select(line => $"    {string.Join(' ', line)}"));
}
