using System.Globalization;

namespace Shoal.Bench.Contest;

/// <summary>Runs contestants in rounds and prints medians and ratios.</summary>
/// <param name="arena">Where.</param>
/// <param name="contestants">Who; ratios are to the one whose name is given to <see cref="Print"/>.</param>
/// <param name="log">Where progress goes.</param>
internal sealed class ContestTable(Arena arena, IReadOnlyList<IContestant> contestants, TextWriter log)
{
    private readonly Dictionary<IContestant, List<RunFigures>> _figures = [];
    private readonly Dictionary<IContestant, string> _failures = [];

    /// <summary>Whether every contestant finished every run.</summary>
    public bool IsComplete => _failures.Count == 0;

    /// <summary>
    /// Runs every contestant once a round. The first round is thrown away: the memory it takes was free
    /// before, which can be several times slower. There every file is compared with its owner's.
    /// </summary>
    public async Task RunAsync(int rounds, TimeSpan longestRun, CancellationToken cancellation)
    {
        for (int round = 0; round <= rounds; round++)
        {
            foreach (IContestant contestant in contestants.Where(contestant => !_failures.ContainsKey(contestant)))
            {
                await RunOneAsync(contestant, round, longestRun, cancellation);
            }
        }
    }

    /// <summary>Prints the table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="yardstick">The name of the contestant whose warm median is 1.00.</param>
    /// <param name="bound">Else, or beside it, a time that is 1.00, in seconds.</param>
    public void Print(TextWriter output, string? yardstick, double? bound)
    {
        double? unit = bound ?? contestants.Where(one => one.Name == yardstick && _figures.ContainsKey(one))
            .Select(one => (double?)Median(_figures[one].Select(run => run.Warm))).FirstOrDefault();
        string ratio = bound is null ? $"/ {yardstick}" : "/ bound";
        output.WriteLine($"{"",-26} {"median s",9} {ratio,24}  {"runs",-24} {"peak MiB of each peer"}");
        foreach (IContestant contestant in contestants)
        {
            if (_failures.TryGetValue(contestant, out string? failure))
            {
                output.WriteLine($"{contestant.Name,-26} failed: {failure.Split('\n')[0].Trim()}");
                continue;
            }

            List<RunFigures> runs = _figures[contestant];
            IEnumerable<string> memory = runs.SelectMany(run => run.PeakBytes).Any()
                ? Enumerable.Range(0, arena.Peers).Select(peer => (runs.Max(run => run.PeakBytes[peer]) >> 20)
                    .ToString(CultureInfo.InvariantCulture))
                : [];
            bool hasCold = runs[0].Cold is not null;
            PrintRow(output, contestant.Name + (hasCold ? ", warm" : ""), [.. runs.Select(run => run.Warm)],
                unit, memory);
            if (hasCold)
            {
                PrintRow(output, contestant.Name + ", cold", [.. runs.Select(run => run.Cold!.Value)], unit, []);
            }
        }
    }

    private static void PrintRow(
        TextWriter output, string name, double[] seconds, double? unit, IEnumerable<string> memory)
    {
        double median = Median(seconds);
        string ratio = unit is { } one ? (median / one).ToString("0.000", CultureInfo.InvariantCulture) : "-";
        string runs = string.Join(' ', seconds.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-26} {median,9:0.000} {ratio,24}  {runs,-24} {string.Join(' ', memory)}"));
    }

    private async Task RunOneAsync(
        IContestant contestant, int round, TimeSpan longestRun, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(longestRun);
        try
        {
            arena.Reset();
            RunFigures figures = await contestant.RunAsync(arena, limit.Token);
            string what = round == 0 ? "thrown away" : $"run {round}";
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{contestant.Name} ({what}): {figures.Warm:0.000} s"));
            if (round == 0)
            {
                arena.Check();
                return;
            }

            if (!_figures.TryGetValue(contestant, out List<RunFigures>? all))
            {
                _figures[contestant] = all = [];
            }

            all.Add(figures);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _failures[contestant] = $"not done after {longestRun.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is BenchFailure or IOException or System.ComponentModel.Win32Exception)
        {
            _failures[contestant] = e.Message;
            await log.WriteLineAsync($"{contestant.Name} failed: {e.Message}");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
