using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>What agencies say in the text protocol: messages that end with <c>;</c>, in any fragments.</summary>
/// <remarks>
/// <code>
/// B{bet},{bet};    a batch
/// N{AgencyID:1};   no more bets
/// Q{AgencyID:1};   asks for winners
/// </code>
/// </remarks>
public static class AgencyTextCodec
{
    private const string CannotCarry = "has one of ,{}:; which the text protocol cannot carry";

    /// <summary>Bytes of a message at most, with its <c>;</c>.</summary>
    public const int LongestMessage = 1024 * 1024;

    /// <summary>
    /// Reads one message. <see cref="DecodeStatus.Invalid"/>: there is no end of a message within
    /// <see cref="LongestMessage"/> bytes, so nobody knows where the next one begins.
    /// </summary>
    /// <param name="input">What has come; moves behind the message.</param>
    /// <param name="today">The day on which bets are taken.</param>
    /// <param name="message">The message.</param>
    public static DecodeStatus TryDecode(
        ref ReadOnlySequence<byte> input, DateOnly today, out AgencyMessage? message)
    {
        message = null;
        if (input.PositionOf((byte)';') is not { } end)
        {
            return input.Length >= LongestMessage ? DecodeStatus.Invalid : DecodeStatus.NeedMore;
        }

        ReadOnlySequence<byte> whole = input.Slice(0, end);
        if (whole.Length >= LongestMessage)
        {
            return DecodeStatus.Invalid;
        }

        input = input.Slice(input.GetPosition(1, end));
        message = whole.IsSingleSegment ? Read(whole.FirstSpan, today) : ReadJoined(whole, today);
        return DecodeStatus.Done;
    }

    /// <summary>What of a bet the protocol cannot carry, as nothing is escaped in it; null: it carries all.</summary>
    public static BetFault? FaultOf(Bet bet) =>
        TextBets.IsCutShort(bet.FirstName) ? new BetFault(BetField.FirstName, CannotCarry)
        : TextBets.IsCutShort(bet.LastName) ? new BetFault(BetField.LastName, CannotCarry)
        : null;

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">It is one that nobody sends.</exception>
    public static void Encode(AgencyMessage message, IBufferWriter<byte> output)
    {
        switch (message)
        {
            case AgencyMessage.Batch batch:
                Write(batch.List, output);
                break;
            case AgencyMessage.Close close:
                Encoding.UTF8.GetBytes($"N{{AgencyID:{close.Agency}}};", output);
                break;
            case AgencyMessage.Query query:
                Encoding.UTF8.GetBytes($"Q{{AgencyID:{query.Agency}}};", output);
                break;
            default:
                throw new ArgumentException("An unreadable message is received, not sent.", nameof(message));
        }
    }

    private static void Write(ImmutableArray<Bet> bets, IBufferWriter<byte> output)
    {
        output.Write("B"u8);
        for (int i = 0; i < bets.Length; i++)
        {
            output.Write(i == 0 ? default : ","u8);
            TextBets.Write(bets[i], output);
        }

        output.Write(";"u8);
    }

    private static AgencyMessage ReadJoined(in ReadOnlySequence<byte> message, DateOnly today)
    {
        byte[] joined = ArrayPool<byte>.Shared.Rent((int)message.Length);
        message.CopyTo(joined);
        AgencyMessage read = Read(joined.AsSpan(0, (int)message.Length), today);
        ArrayPool<byte>.Shared.Return(joined);
        return read;
    }

    private static AgencyMessage Read(ReadOnlySpan<byte> message, DateOnly today)
    {
        if (message.IsEmpty)
        {
            return new AgencyMessage.Unreadable("an empty message", IsBatch: false);
        }

        ReadOnlySpan<byte> body = message[1..];
        switch (message[0])
        {
            case (byte)'B':
                return TextBets.TryRead(body, today, out ImmutableArray<Bet> bets, out string? reason)
                    ? new AgencyMessage.Batch(bets[0].Agency, bets, BatchHash.Of(body))
                    : new AgencyMessage.Unreadable(reason, IsBatch: true);
            case (byte)'N' when TryReadAgency(body, out AgencyId agency):
                return new AgencyMessage.Close(agency);
            case (byte)'Q' when TryReadAgency(body, out AgencyId agency):
                return new AgencyMessage.Query(agency);
            case (byte)'N' or (byte)'Q':
                return new AgencyMessage.Unreadable("AgencyID is not a positive number in braces", IsBatch: false);
            default:
                return new AgencyMessage.Unreadable("a message begins with B, N or Q", IsBatch: false);
        }
    }

    private static bool TryReadAgency(ReadOnlySpan<byte> body, out AgencyId agency)
    {
        agency = default;
        return body.StartsWith("{AgencyID:"u8) && body[^1] == '}'
            && AgencyId.TryParse(Encoding.UTF8.GetString(body["{AgencyID:".Length..^1]), out agency);
    }
}
