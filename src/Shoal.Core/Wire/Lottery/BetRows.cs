using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>
/// Bets as rows of comma-separated values (RFC 4180), quoted only where that is needed, each ending with CR and LF:
/// what a store keeps of a batch and what an export prints.
/// </summary>
/// <remarks>
/// <code>
/// agency,first_name,last_name,document,birthdate,number
/// </code>
/// </remarks>
public static class BetRows
{
    // What a row has beside its names and its document.
    private const int BytesAround = 64;

    /// <summary>Writes the bets of a batch, a row each.</summary>
    public static byte[] Encode(ReadOnlySpan<Bet> bets)
    {
        int longest = 0;
        foreach (Bet bet in bets)
        {
            longest += LongestOf(bet);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(longest);
        int length = 0;
        foreach (Bet bet in bets)
        {
            length += Write(bet, buffer.AsSpan(length));
        }

        byte[] rows = buffer[..length];
        ArrayPool<byte>.Shared.Return(buffer);
        return rows;
    }

    /// <summary>The documents of the bets on a number, in their order.</summary>
    /// <param name="rows">What <see cref="Encode"/> gave.</param>
    /// <param name="number">The number.</param>
    public static ImmutableArray<string> DocumentsOf(ReadOnlySpan<byte> rows, int number)
    {
        // No value but the last one stands before a line end, quoted or not: no bet has a line end.
        byte[] end = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",{number}\r\n"));
        ImmutableArray<string>.Builder documents = ImmutableArray.CreateBuilder<string>();
        int length;
        while ((length = rows.IndexOf(end)) >= 0)
        {
            ReadOnlySpan<byte> row = rows[..(length - ",YYYY-MM-DD".Length)];
            documents.Add(Encoding.ASCII.GetString(row[(row.LastIndexOf((byte)',') + 1)..]));
            rows = rows[(length + end.Length)..];
        }

        return documents.DrainToImmutable();
    }

    /// <summary>
    /// Takes a row apart; what ends it is not part of it. A value may be quoted, and holds no line end: no bet has one.
    /// </summary>
    /// <param name="row">The row. Quoted values are written anew where they stand, without their quotes.</param>
    /// <param name="values">Where in it the values are.</param>
    /// <returns>
    /// The number of values, at most one more than there is place for; null: a quote opens and does not close, or
    /// something follows it.
    /// </returns>
    public static int? Split(Span<char> row, Span<Range> values)
    {
        int count = 0;
        int at = 0;
        while (true)
        {
            if (!TryTakeValue(row, ref at, out Range value))
            {
                return null;
            }

            if (count == values.Length)
            {
                return count + 1;
            }

            values[count++] = value;
            if (at == row.Length)
            {
                return count;
            }

            at++;
        }
    }

    // Afterwards the place is at a comma or at the end.
    private static bool TryTakeValue(Span<char> row, ref int at, out Range value)
    {
        int start = at;
        if (at == row.Length || row[at] != '"')
        {
            int comma = row[at..].IndexOf(',');
            at = comma < 0 ? row.Length : at + comma;
            value = start..at;
            return !row[value].Contains('"');
        }

        int end = start;
        for (int i = at + 1; i < row.Length; i++)
        {
            if (row[i] != '"')
            {
                row[end++] = row[i];
            }
            else if (i + 1 < row.Length && row[i + 1] == '"')
            {
                row[end++] = row[i++];
            }
            else
            {
                value = start..end;
                at = i + 1;
                return at == row.Length || row[at] == ',';
            }
        }

        value = default;
        return false;
    }

    // A character is at most three bytes; quoted, each may be twice as many but then is one byte itself.
    private static int LongestOf(Bet bet) =>
        BytesAround + (3 * (bet.FirstName.Length + bet.LastName.Length + bet.Document.Length));

    private static int Write(Bet bet, Span<byte> output)
    {
        Utf8.TryWrite(output, CultureInfo.InvariantCulture, $"{bet.Agency.Value},", out int length);
        length += Write(bet.FirstName, output[length..]);
        length += Write(bet.LastName, output[length..]);
        Utf8.TryWrite(
            output[length..], CultureInfo.InvariantCulture,
            $"{bet.Document},{bet.BirthDate:O},{bet.Number}\r\n", out int rest);
        return length + rest;
    }

    private static int Write(string value, Span<byte> output)
    {
        int length;
        if (IsQuoted(value))
        {
            string inside = value.Replace("\"", "\"\"", StringComparison.Ordinal);
            Utf8.TryWrite(output, $"\"{inside}\",", out length);
        }
        else
        {
            length = Encoding.UTF8.GetBytes(value, output);
            output[length++] = (byte)',';
        }

        return length;
    }

    // By hand, for the reason why the bets of the text protocol are read so.
    private static bool IsQuoted(string value)
    {
        foreach (char one in value)
        {
            if (one is ',' or '"' or '\r' or '\n')
            {
                return true;
            }
        }

        return false;
    }
}
