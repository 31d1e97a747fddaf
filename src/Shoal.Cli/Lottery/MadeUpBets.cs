using System.Globalization;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;

namespace Shoal.Cli.Lottery;

/// <summary>
/// Bets that are made up, one by one, so that any number of them fits into memory: no document twice, and the winning
/// number only on as many as shall win.
/// </summary>
internal sealed class MadeUpBets(LotteryGenerateArguments arguments)
{
    // Coprime to every modulus below, so that its multiples go round all documents before one comes again.
    private const long Stride = 7919;

    private const int FewestDocuments = 90_000_000;

    private static readonly string[] s_firstNames =
    [
        "Ana", "Bruno", "Carla", "Diego", "Elena", "Facundo", "Graciela", "Hugo", "Irene", "Joaquín", "Lucía",
        "Martín", "Noelia", "Óscar", "Paula", "Ramiro", "Sofía", "Tomás", "Úrsula", "Valentín",
    ];

    private static readonly string[] s_lastNames =
    [
        "Acosta", "Benítez", "Castro", "Domínguez", "Escobar", "Ferreyra", "Giménez", "Herrera", "Ibáñez", "Juárez",
        "Ledesma", "Molina", "Núñez", "Ojeda", "Peralta", "Quiroga", "Ríos", "Sosa", "Toledo", "Vera",
    ];

    private readonly DeterministicRandom _random = new(arguments.RandomSeed);
    private long _made;
    private int _winnersLeft = arguments.Winners;

    /// <summary>How many bets an agency gets: all about the same.</summary>
    public int CountOf(int agency) =>
        (arguments.Bets / arguments.Agencies) + (agency <= arguments.Bets % arguments.Agencies ? 1 : 0);

    /// <summary>Makes up the next bet of an agency.</summary>
    public Bet Next(AgencyId agency)
    {
        // Each of the bets that are left is as likely as the others to be one of the winners that are left.
        long left = arguments.Bets - _made;
        bool wins = _random.Next((int)left) < _winnersLeft;
        if (wins)
        {
            _winnersLeft--;
        }

        int other = _random.Next(BetRules.HighestNumber);
        return new Bet(
            agency, s_firstNames[_random.Next(s_firstNames.Length)], s_lastNames[_random.Next(s_lastNames.Length)],
            NextDocument(),
            new DateOnly(1940, 1, 1).AddDays(_random.Next(23_000)),
            wins ? arguments.WinningNumber : other < arguments.WinningNumber ? other : other + 1);
    }

    private string NextDocument()
    {
        long documents = FewestDocuments;
        while (documents < arguments.Bets)
        {
            documents *= 10;
        }

        long begin = (long)(arguments.RandomSeed % FewestDocuments);
        long document = (documents / 9) + ((begin + (_made++ * Stride)) % documents);
        return document.ToString(CultureInfo.InvariantCulture);
    }
}
