using System.Buffers;
using System.Text;
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
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    /// <summary>Writes the bets of a batch, a row each.</summary>
    public static byte[] Encode(IEnumerable<Bet> bets)
    {
        var rows = new StringBuilder();
        foreach (Bet bet in bets)
        {
            rows.Append(bet.Agency.Value).Append(',');
            Append(rows, bet.FirstName);
            Append(rows, bet.LastName);
            rows.Append($"{bet.Document},{bet.BirthDate:yyyy-MM-dd},{bet.Number}\r\n");
        }

        return Encoding.UTF8.GetBytes(rows.ToString());
    }

    /// <summary>
    /// Takes a row apart; what ends it is not part of it. A value may be quoted, and holds no line end: no bet has one.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="fields">Where the values go.</param>
    /// <returns>
    /// The number of values, at most one more than there is place for; null: a quote opens and does not close, or
    /// something follows it.
    /// </returns>
    public static int? Split(string row, Span<string> fields)
    {
        int count = 0;
        int at = 0;
        while (true)
        {
            if (!TryTakeValue(row, ref at, out string value))
            {
                return null;
            }

            if (count == fields.Length)
            {
                return count + 1;
            }

            fields[count++] = value;
            if (at == row.Length)
            {
                return count;
            }

            at++;
        }
    }

    // Afterwards the place is at a comma or at the end.
    private static bool TryTakeValue(string row, ref int at, out string value)
    {
        if (at == row.Length || row[at] != '"')
        {
            int comma = row.IndexOf(',', at);
            int end = comma < 0 ? row.Length : comma;
            value = row[at..end];
            at = end;
            return !value.Contains('"', StringComparison.Ordinal);
        }

        var inside = new StringBuilder();
        for (int i = at + 1; i < row.Length; i++)
        {
            if (row[i] != '"')
            {
                inside.Append(row[i]);
            }
            else if (i + 1 < row.Length && row[i + 1] == '"')
            {
                inside.Append(row[i++]);
            }
            else
            {
                value = inside.ToString();
                at = i + 1;
                return at == row.Length || row[at] == ',';
            }
        }

        value = "";
        return false;
    }

    private static void Append(StringBuilder rows, string value)
    {
        if (value.AsSpan().ContainsAny(s_quoted))
        {
            rows.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            rows.Append(value);
        }

        rows.Append(',');
    }
}
