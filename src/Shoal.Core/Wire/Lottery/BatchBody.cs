using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
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
        using var characters = new Characters(body);
        Span<char> rest = characters.Text;
        while (!rest.IsEmpty && list.Fault is null)
        {
            int end = rest.IndexOf('\n');
            if (end < 0 && !characters.IsWhole)
            {
                break;
            }

            ReadRow(end < 0 ? rest : rest[..end], list);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        if (!characters.IsWhole)
        {
            list.Refuse("is not UTF-8");
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
    private static void ReadRow(Span<char> row, BetList list)
    {
        row = row.EndsWith("\r") ? row[..^1] : row;
        Span<Range> values = stackalloc Range[Values];
        switch (BetRows.Split(row, values))
        {
            case null:
                list.Refuse("has a quotation mark that is not where one may be");
                break;
            case Values - 1:
                list.Add(new BetFields(
                    list.Agency, row[values[0]], row[values[1]], row[values[2]], row[values[3]], row[values[4]]));
                break;
            case Values:
                list.Add(new BetFields(
                    row[values[0]], row[values[1]], row[values[2]], row[values[3]], row[values[4]], row[values[5]]));
                break;
            case var count:
                list.Refuse($"has {(count > Values ? "too many" : count)} values, not 5, or 6 with the agency");
                break;
        }
    }
}
