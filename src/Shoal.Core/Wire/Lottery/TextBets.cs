using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Unicode;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>
/// The bets of a batch in the text protocol. Nothing is escaped there, so a value ends at the first of
/// <c>,{}:;</c> and what follows must be the next label, to the byte.
/// </summary>
/// <remarks>
/// <code>
/// {PlayerName:A,PlayerSurname:B,PlayerDocID:1,PlayerDateOfBirth:2000-01-01,WageredNumber:7,AgencyID:1},{...
/// </code>
/// </remarks>
internal ref struct TextBets
{
    private const int BytesAround = 160;

    private readonly bool _isWhole;
    private ReadOnlySpan<char> _rest;

    private TextBets(in Characters content)
    {
        _rest = content.Text;
        _isWhole = content.IsWhole;
    }

    /// <summary>Whether a value would end before its end.</summary>
    public static bool IsCutShort(string value) => IndexOfEnd(value) >= 0;

    /// <summary>Writes a bet.</summary>
    public static void Write(Bet bet, IBufferWriter<byte> output)
    {
        int longest = BytesAround + (3 * (bet.FirstName.Length + bet.LastName.Length + bet.Document.Length));
        Utf8.TryWrite(
            output.GetSpan(longest), CultureInfo.InvariantCulture,
            $"{{PlayerName:{bet.FirstName},PlayerSurname:{bet.LastName},PlayerDocID:{bet.Document},"
            + $"PlayerDateOfBirth:{bet.BirthDate:O},WageredNumber:{bet.Number},AgencyID:{bet.Agency.Value}}}",
            out int written);
        output.Advance(written);
    }

    /// <summary>Reads all bets, or says what is wrong with which.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> content, DateOnly today, out ImmutableArray<Bet> bets,
        [NotNullWhen(false)] out string? reason)
    {
        using var characters = new Characters(content);
        var reader = new TextBets(characters);
        ImmutableArray<Bet>.Builder list = ImmutableArray.CreateBuilder<Bet>(1 + (content.Length / 128));
        do
        {
            if (!reader.TryReadBet(today, out Bet? bet, out reason))
            {
                reason = $"bet {list.Count + 1}: {reason}";
            }
            else if (list.Count > 0 && list[0].Agency != bet.Agency)
            {
                reason = $"bet {list.Count + 1}: agency is not {list[0].Agency} as in bet 1";
            }
            else
            {
                list.Add(bet);
                continue;
            }

            bets = [];
            return false;
        }
        while (reader.TrySkip(","));

        bets = list.DrainToImmutable();
        reason = reader._rest.IsEmpty && reader._isWhole ? null : $"bet {bets.Length}: something follows its end";
        return reason is null;
    }

    private bool TryReadBet(DateOnly today, [NotNullWhen(true)] out Bet? bet, [NotNullWhen(false)] out string? reason)
    {
        bet = null;
        if (!TryReadValue("{PlayerName:", out ReadOnlySpan<char> first, out reason)
            || !TryReadValue(",PlayerSurname:", out ReadOnlySpan<char> last, out reason)
            || !TryReadValue(",PlayerDocID:", out ReadOnlySpan<char> document, out reason)
            || !TryReadValue(",PlayerDateOfBirth:", out ReadOnlySpan<char> birth, out reason)
            || !TryReadValue(",WageredNumber:", out ReadOnlySpan<char> number, out reason)
            || !TryReadValue(",AgencyID:", out ReadOnlySpan<char> agency, out reason))
        {
            return false;
        }

        if (!TrySkip("}"))
        {
            reason = "it does not end with } after AgencyID";
            return false;
        }

        var fields = new BetFields(agency, first, last, document, birth, number);
        bool ok = BetRules.TryRead(fields, today, out bet, out BetFault? fault);
        reason = fault?.ToString();
        return ok;
    }

    private bool TryReadValue(
        string label, out ReadOnlySpan<char> value, [NotNullWhen(false)] out string? reason)
    {
        value = default;
        reason = null;
        if (!TrySkip(label))
        {
            reason = $"there is no {label[1..^1]} where it should be";
            return false;
        }

        int end = IndexOfEnd(_rest);
        if (end < 0 && !_isWhole)
        {
            reason = $"{label[1..^1]} is not UTF-8";
            return false;
        }

        value = end < 0 ? _rest : _rest[..end];
        _rest = _rest[value.Length..];
        return true;
    }

    // By hand: values are short, and the framework's search for several characters is compiled anew in each process,
    // at first without any thought. A fifth of a hub's samples in a draw were in it.
    private static int IndexOfEnd(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is ',' or '{' or '}' or ':' or ';')
            {
                return i;
            }
        }

        return -1;
    }

    private bool TrySkip(string text)
    {
        if (!_rest.StartsWith(text))
        {
            return false;
        }

        _rest = _rest[text.Length..];
        return true;
    }
}
