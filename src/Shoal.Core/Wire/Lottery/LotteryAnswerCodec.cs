using System.Buffers;
using System.Text;

namespace Shoal.Core.Wire.Lottery;

/// <summary>Writes the hub's answers in the text protocol.</summary>
/// <remarks>
/// <code>
/// ACK_CHUNK;  ACK_NOTIFY;  W;  R;  R{PlayerDocID:1},{PlayerDocID:2};  E{Reason:text};
/// </code>
/// </remarks>
public static class LotteryAnswerCodec
{
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

    // A reason must not look like the end of its message.
    private static string Plain(string reason) => string.Concat(
        reason.Select(c => c is ';' or '{' or '}' || char.IsControl(c) ? ' ' : c));
}
