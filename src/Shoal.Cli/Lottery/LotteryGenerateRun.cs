using System.Globalization;
using System.Text;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery generate</c>.</summary>
internal static class LotteryGenerateRun
{
    private const int BufferSize = 256 * 1024;

    public static async Task<int> RunAsync(
        LotteryGenerateArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        try
        {
            await MakeAsync(arguments, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"--dir: {WriteFailure.OfFolder(arguments.Folder, e)}", e);
        }

        screen.Output.WriteLine(
            $"{arguments.Bets} bets of {arguments.Agencies} agencies in {arguments.Folder}, {arguments.Winners} of "
            + $"them on {arguments.WinningNumber} (winners.csv), random seed {arguments.RandomSeed}");
        return ExitCode.Done;
    }

    private static async Task MakeAsync(LotteryGenerateArguments arguments, CancellationToken cancellation)
    {
        Directory.CreateDirectory(arguments.Folder);
        var made = new MadeUpBets(arguments);
        await using StreamWriter winners = Create(Path.Join(arguments.Folder, "winners.csv"));
        for (int agency = 1; agency <= arguments.Agencies; agency++)
        {
            await using StreamWriter file = Create(Path.Join(arguments.Folder, $"agency-{agency}.csv"));
            Write(made, agency, arguments.WinningNumber, file, winners, cancellation);
        }
    }

    private static void Write(
        MadeUpBets made, int agency, int winningNumber, StreamWriter file, StreamWriter winners,
        CancellationToken cancellation)
    {
        for (int i = made.CountOf(agency); i > 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            Bet bet = made.Next(new AgencyId(agency));
            file.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{bet.FirstName},{bet.LastName},{bet.Document},{bet.BirthDate:yyyy-MM-dd},{bet.Number}\r\n"));
            if (bet.Number == winningNumber)
            {
                winners.Write($"{agency},{bet.Document}\n");
            }
        }
    }

    private static StreamWriter Create(string path) => new(
        new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize), new UTF8Encoding(false));
}
