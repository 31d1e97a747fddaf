using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>
/// Reads the bets of a batch in the text protocol. Nothing is escaped there, so a value ends at the first of
/// <c>,{}:;</c> and what follows must be the next label, to the byte.
/// </summary>
/// <remarks>
/// <code>
/// {PlayerName:A,PlayerSurname:B,PlayerDocID:1,PlayerDateOfBirth:2000-01-01,WageredNumber:7,AgencyID:1},{...
/// </code>
/// </remarks>
internal ref struct TextBets
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, true);

    private ReadOnlySpan<byte> _rest;

    private TextBets(ReadOnlySpan<byte> content) => _rest = content;

    /// <summary>Reads all bets, or says what is wrong with which.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> content, DateOnly today, out ImmutableArray<Bet> bets,
        [NotNullWhen(false)] out string? reason)
    {
        var reader = new TextBets(content);
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
        while (reader.TrySkip(","u8));

        bets = list.DrainToImmutable();
        reason = reader._rest.IsEmpty ? null : $"bet {bets.Length}: something follows its end";
        return reason is null;
    }

    private bool TryReadBet(DateOnly today, [NotNullWhen(true)] out Bet? bet, [NotNullWhen(false)] out string? reason)
    {
        bet = null;
        if (!TryReadValue("{PlayerName:"u8, out string? first, out reason)
            || !TryReadValue(",PlayerSurname:"u8, out string? last, out reason)
            || !TryReadValue(",PlayerDocID:"u8, out string? document, out reason)
            || !TryReadValue(",PlayerDateOfBirth:"u8, out string? birth, out reason)
            || !TryReadValue(",WageredNumber:"u8, out string? number, out reason)
            || !TryReadValue(",AgencyID:"u8, out string? agency, out reason))
        {
            return false;
        }

        if (!TrySkip("}"u8))
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
        ReadOnlySpan<byte> label, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? reason)
    {
        value = null;
        reason = null;
        if (!TrySkip(label))
        {
            reason = $"there is no {Encoding.ASCII.GetString(label[1..^1])} where it should be";
            return false;
        }

        int end = _rest.IndexOfAny(",{}:;"u8);
        ReadOnlySpan<byte> bytes = end < 0 ? _rest : _rest[..end];
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            reason = $"{Encoding.ASCII.GetString(label[1..^1])} is not UTF-8";
            return false;
        }

        value = s_strict.GetString(bytes);
        _rest = _rest[bytes.Length..];
        return true;
    }

    private bool TrySkip(ReadOnlySpan<byte> text)
    {
        if (!_rest.StartsWith(text))
        {
            return false;
        }

        _rest = _rest[text.Length..];
        return true;
    }
}
