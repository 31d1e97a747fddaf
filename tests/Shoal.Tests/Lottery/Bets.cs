using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Bets that tests make up.</summary>
internal static class Bets
{
    public static readonly DateOnly Today = new(2025, 6, 1);

    public static Bet Of(int agency, int document, int number) => new(
        new AgencyId(agency), "Ana", "Paz", $"{document}", new DateOnly(1990, 2, 28), number);

    /// <summary>A batch whose content is told by its first document.</summary>
    public static BatchOffer Offer(int agency, BatchIdentity identity, params ImmutableArray<Bet> bets) => new(
        new AgencyId(agency), identity,
        BatchHash.Of(Encoding.UTF8.GetBytes(
            string.Join(',', bets.Select(bet => $"{bet.Document}={bet.Number}")))),
        new BatchRows(Encoding.UTF8.GetBytes(string.Concat(bets.Select(Row))), bets.Length));

    private static string Row(Bet bet) =>
        $"{bet.Agency},{bet.FirstName},{bet.LastName},{bet.Document},{bet.BirthDate:yyyy-MM-dd},{bet.Number}\r\n";
}
