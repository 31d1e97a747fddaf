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
