using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shoal.Core.Lottery;

/// <summary>What makes written fields a bet.</summary>
public static class BetRules
{
    /// <summary>The highest number that can be bet on; the lowest is 0.</summary>
    public const int HighestNumber = 9999;

    /// <summary>Characters of a name at most.</summary>
    public const int LongestName = 128;

    /// <summary>Digits of a document at most.</summary>
    public const int LongestDocument = 18;

    /// <summary>Checks all fields, in their order, and stops at the first that breaks a rule.</summary>
    /// <param name="fields">What was written.</param>
    /// <param name="today">The day on which the bet is taken; nobody is born after it.</param>
    /// <param name="bet">The bet.</param>
    /// <param name="fault">What is wrong, when there is no bet.</param>
    public static bool TryRead(
        in BetFields fields, DateOnly today, [NotNullWhen(true)] out Bet? bet, [NotNullWhen(false)] out BetFault? fault)
    {
        bet = null;
        if (!AgencyId.TryParse(fields.Agency, out AgencyId agency))
        {
            fault = new BetFault(BetField.Agency, "is not a positive number");
        }
        else if (FaultOfName(fields.FirstName) is { } first)
        {
            fault = new BetFault(BetField.FirstName, first);
        }
        else if (FaultOfName(fields.LastName) is { } last)
        {
            fault = new BetFault(BetField.LastName, last);
        }
        else if (FaultOfDocument(fields.Document) is { } document)
        {
            fault = new BetFault(BetField.Document, document);
        }
        else if (FaultOfDate(fields.BirthDate, today, out DateOnly birth) is { } date)
        {
            fault = new BetFault(BetField.BirthDate, date);
        }
        else if (!TryReadNumber(fields.Number, out int number))
        {
            fault = new BetFault(BetField.Number, $"is not a whole number from 0 to {HighestNumber}");
        }
        else
        {
            fault = null;
            bet = new Bet(
                agency, fields.FirstName.ToString(), fields.LastName.ToString(), fields.Document.ToString(), birth,
                number);
        }

        return fault is null;
    }

    /// <summary>Reads a number that can be bet on: decimal digits without a sign.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= HighestNumber;

    private static string? FaultOfName(ReadOnlySpan<char> name)
    {
        if (name.IsWhiteSpace())
        {
            return "is empty";
        }

        if (name.Length > LongestName)
        {
            return $"is longer than {LongestName} characters";
        }

        // By hand, as names are short: see the date below.
        foreach (char one in name)
        {
            if (char.IsControl(one))
            {
                return "has a control character";
            }
        }

        return null;
    }

    private static string? FaultOfDocument(ReadOnlySpan<char> document)
    {
        if (document.Length is 0 or > LongestDocument)
        {
            return $"does not have 1 to {LongestDocument} digits";
        }

        return document.ContainsAnyExceptInRange('0', '9') ? "has something else than digits" : null;
    }

    private static string? FaultOfDate(ReadOnlySpan<char> text, DateOnly today, out DateOnly date)
    {
        if (!TryReadDate(text, out date))
        {
            return "is not a date as YYYY-MM-DD";
        }

        return date > today ? "is in the future" : null;
    }

    // By hand: what the framework does for any format and culture costs more than all the rest of a bet.
    private static bool TryReadDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        date = default;
        if (text.Length != "YYYY-MM-DD".Length || text[4] != '-' || text[7] != '-'
            || !TryReadDigits(text[..4], out int year) || !TryReadDigits(text[5..7], out int month)
            || !TryReadDigits(text[8..], out int day)
            || year == 0 || month is 0 or > 12
            || day == 0 || day > CultureInfo.InvariantCulture.Calendar.GetDaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, day);
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
