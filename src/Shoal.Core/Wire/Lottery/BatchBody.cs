using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>Batches as the bodies of requests: rows, a JSON array, or a JSON object a line.</summary>
/// <remarks>
/// <code>
/// Ana,Paz,30904465,1990-02-28,7574
/// {"first_name":"Ana","last_name":"Paz","document":"30904465","birthdate":"1990-02-28","number":7574}
/// </code>
/// Either may name the agency too: a row as its first value, an object as <c>agency</c>.
/// </remarks>
public static class BatchBody
{
    /// <summary>Bytes of a body at most, unpacked.</summary>
    public const int LongestBody = AgencyTextCodec.LongestMessage;

    /// <summary>Bets of a batch at most.</summary>
    public const int MostBets = 10_000;

    private const int Values = 6;

    /// <summary>Reads rows as an agency's file has them.</summary>
    /// <param name="body">The rows.</param>
    /// <param name="agency">Whose bets they must be.</param>
    /// <param name="today">The day on which bets are taken.</param>
    /// <param name="bets">The bets, at least one.</param>
    /// <param name="fault">Why there are none.</param>
    public static bool TryReadRows(
        ReadOnlySpan<byte> body, AgencyId agency, DateOnly today, out ImmutableArray<Bet> bets,
        [NotNullWhen(false)] out BodyFault? fault)
    {
        var list = new BetList(agency, today);
        var values = new string[Values];
        while (!body.IsEmpty && list.Fault is null)
        {
            int end = body.IndexOf((byte)'\n');
            ReadOnlySpan<byte> row = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            row = row.EndsWith("\r"u8) ? row[..^1] : row;
            if (!Utf8.IsValid(row))
            {
                list.Refuse("is not UTF-8");
                break;
            }

            switch (BetRows.Split(Encoding.UTF8.GetString(row), values))
            {
                case null:
                    list.Refuse("has a quotation mark that is not where one may be");
                    break;
                case Values - 1:
                    list.Add(new BetFields(
                        agency.ToString(), values[0], values[1], values[2], values[3], values[4]));
                    break;
                case Values:
                    list.Add(new BetFields(values[0], values[1], values[2], values[3], values[4], values[5]));
                    break;
                case var count:
                    list.Refuse($"has {(count > Values ? "too many" : count)} values, not 5, or 6 with the agency");
                    break;
            }
        }

        return list.TryEnd(out bets, out fault);
    }

    /// <summary>Reads objects: those of one array, or one after the other.</summary>
    /// <inheritdoc cref="TryReadRows"/>
    public static bool TryReadObjects(
        ReadOnlySpan<byte> body, AgencyId agency, DateOnly today, out ImmutableArray<Bet> bets,
        [NotNullWhen(false)] out BodyFault? fault)
    {
        var list = new BetList(agency, today);
        BetObjects.Read(body, list);
        return list.TryEnd(out bets, out fault);
    }
}
