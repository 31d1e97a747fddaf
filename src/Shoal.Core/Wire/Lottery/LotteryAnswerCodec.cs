using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Shoal.Core.Wire.Lottery;

/// <summary>The hub's answers in the text protocol.</summary>
/// <remarks>
/// <code>
/// ACK_CHUNK;  ACK_NOTIFY;  W;  R;  R{PlayerDocID:1},{PlayerDocID:2};  E{Reason:text};
/// </code>
/// </remarks>
public static class LotteryAnswerCodec
{
    /// <summary>Bytes of an answer at most, with its <c>;</c>; winners are the only ones that come near.</summary>
    public const int LongestAnswer = 16 * 1024 * 1024;

    private const string WinnerStart = "{PlayerDocID:";
    private const string ReasonStart = "E{Reason:";

    /// <summary>Reads one answer, in any fragments.</summary>
    /// <param name="input">What has come; moves behind the answer.</param>
    /// <param name="answer">The answer.</param>
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out LotteryAnswer? answer)
    {
        answer = null;
        if (input.PositionOf((byte)';') is not { } end)
        {
            return input.Length >= LongestAnswer ? DecodeStatus.Invalid : DecodeStatus.NeedMore;
        }

        ReadOnlySequence<byte> whole = input.Slice(0, end);
        if (whole.Length >= LongestAnswer)
        {
            return DecodeStatus.Invalid;
        }

        answer = Read(Encoding.UTF8.GetString(whole));
        if (answer is null)
        {
            return DecodeStatus.Invalid;
        }

        input = input.Slice(input.GetPosition(1, end));
        return DecodeStatus.Done;
    }

    /// <summary>Writes an answer.</summary>
    public static void Encode(LotteryAnswer answer, IBufferWriter<byte> output)
    {
        switch (answer)
        {
            case LotteryAnswer.BatchStored:
                output.Write("ACK_CHUNK;"u8);
                break;
            case LotteryAnswer.Closed:
                output.Write("ACK_NOTIFY;"u8);
                break;
            case LotteryAnswer.Wait:
                output.Write("W;"u8);
                break;
            case LotteryAnswer.Winners winners:
                string list = string.Join(',', winners.Documents.Select(one => $"{{PlayerDocID:{one}}}"));
                Encoding.UTF8.GetBytes($"R{list};", output);
                break;
            case LotteryAnswer.Refusal refusal:
                Encoding.UTF8.GetBytes($"E{{Reason:{Plain(refusal.Reason)}}};", output);
                break;
        }
    }

    private static LotteryAnswer? Read(string text) => text switch
    {
        "ACK_CHUNK" => new LotteryAnswer.BatchStored(),
        "ACK_NOTIFY" => new LotteryAnswer.Closed(),
        "W" => new LotteryAnswer.Wait(),
        "R" => new LotteryAnswer.Winners([]),
        ['R', ..] => ReadWinners(text[1..]),
        _ when text.StartsWith(ReasonStart, StringComparison.Ordinal) && text[^1] == '}' =>
            new LotteryAnswer.Refusal(text[ReasonStart.Length..^1]),
        _ => null,
    };

    private static LotteryAnswer.Winners? ReadWinners(string list)
    {
        ImmutableArray<string>.Builder documents = ImmutableArray.CreateBuilder<string>();
        foreach (string one in list.Split(','))
        {
            if (!one.StartsWith(WinnerStart, StringComparison.Ordinal) || one[^1] != '}')
            {
                return null;
            }

            string document = one[WinnerStart.Length..^1];
            if (document.Length == 0 || !document.All(char.IsAsciiDigit))
            {
                return null;
            }

            documents.Add(document);
        }

        return new LotteryAnswer.Winners(documents.DrainToImmutable());
    }

    // A reason must not look like the end of its message.
    private static string Plain(string reason) => string.Concat(
        reason.Select(c => c is ';' or '{' or '}' || char.IsControl(c) ? ' ' : c));
}
