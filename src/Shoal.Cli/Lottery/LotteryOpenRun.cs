using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Lottery;

/// <summary>The work of <c>shoal lottery open</c>.</summary>
internal static class LotteryOpenRun
{
    public static async Task<int> RunAsync(
        LotteryOpenArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        DrawTerms terms = arguments.Terms;
        await using LotteryRecords records = await arguments.Store.OpenAsync(cancellation);
        bool isNew = await records.OpenDrawAsync(terms, cancellation);
        DrawStanding standing = (await records.StandingAsync(terms.Name, cancellation))!;
        if (!IsSame(standing.Terms, terms))
        {
            throw arguments.Store.Failure(
                $"has the draw '{terms.Name}' with {standing.Terms.Roster.Length} agencies and winning number "
                + $"{standing.Terms.WinningNumber}; terms cannot be changed, name another draw.");
        }

        screen.Output.WriteLine(
            $"draw {terms.Name}: {(isNew ? "made, " : "")}{standing.State.ToString().ToLowerInvariant()}, revision "
            + $"{standing.Revision}, {Counted.Of(terms.Roster.Length, "agency", "agencies")}, winning number "
            + $"{terms.WinningNumber}");
        return ExitCode.Done;
    }

    /// <summary>Whether two draws were settled alike.</summary>
    public static bool IsSame(DrawTerms one, DrawTerms other) =>
        one.WinningNumber == other.WinningNumber && one.Roster.SequenceEqual(other.Roster);
}
