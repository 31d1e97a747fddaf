using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Shoal.Bench.Aria2;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Contest;

/// <summary>A contest from its command line to its table.</summary>
internal static class ContestRun
{
    /// <summary>Adds the programs that are there: Shoal, once more with declared links, and aria2.</summary>
    public static void AddPrograms(List<IContestant> contestants, ParseResult result, LinkRates[] declared)
    {
        if (result.GetValue(ContestOptions.Program) is { } program)
        {
            contestants.Add(new ShoalContestant(program, []));
            if (declared.Length > 0)
            {
                contestants.Add(new ShoalContestant(program, declared));
            }
        }

        if (Aria2Contestant.IsInstalled)
        {
            contestants.Add(new Aria2Contestant());
        }

        if (result.GetValue(ContestOptions.Only) is { Length: > 0 } only)
        {
            contestants.RemoveAll(contestant => !only.Contains(contestant.Name));
        }
    }

    /// <summary>Runs a contest and prints its table: exit code 0 if everybody finished every run.</summary>
    /// <param name="result">What was said on the command line.</param>
    /// <param name="shape">What they exchange, and where.</param>
    /// <param name="contestants">Who takes part.</param>
    /// <param name="yardstick">The name of the contestant whose median is 1.00; null: none.</param>
    /// <param name="bound">The time that is 1.00, in seconds; null: none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<int> RunAsync(
        ParseResult result, ArenaShape shape, IReadOnlyList<IContestant> contestants, string? yardstick,
        double? bound, CancellationToken cancellation)
    {
        int peers = result.GetValue(ContestOptions.Peers);
        string root = RamDisk.MakeFolder((shape.BytesPerPeer * peers * (peers + 1)) + (64 << 20));
        try
        {
            var arena = new Arena
            {
                Root = root,
                Peers = peers,
                BytesPerPeer = shape.BytesPerPeer,
                NamespacePrefix = shape.NamespacePrefix,
            };
            arena.MakeFiles();
            var table = new ContestTable(arena, contestants, Console.Error);
            await table.RunAsync(
                result.GetValue(BenchOptions.Rounds), result.GetValue(ContestOptions.Longest).Value, cancellation);
            Console.WriteLine(Heading(arena, bound));
            table.Print(Console.Out, yardstick, bound);
            return table.IsComplete ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Heading(Arena arena, double? bound) => string.Create(CultureInfo.InvariantCulture,
        $"{arena.Peers} peers x {new ByteSize(arena.BytesPerPeer)}, files in {Path.GetDirectoryName(arena.Root)}, "
        + $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}")
        + (bound is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"\nlower bound at the payload rate: {seconds:0.000} s")
            : "");
}
