using System.CommandLine;
using System.Net.Sockets;
using Shoal.Cli.Parsing;

namespace Shoal.Bench.Lottery;

/// <summary>The lottery's measurements, each beside the raw rate of the database on the same disk.</summary>
internal static class LotteryBench
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(3);

    /// <summary>Defines the command.</summary>
    public static Command Create()
    {
        Option<int> agencies = TypedOption.WithDefault(
            "--agencies", "N", "How many agencies", WholeNumber.From(1, 10_000), "5");
        Option<int> bets = TypedOption.WithDefault(
            "--bets", "N", "Bets of all together", WholeNumber.From(1, 100_000_000), "78697");
        Option<int> crowd = TypedOption.WithDefault(
            "--crowd", "N", "Instead: memory with so many agencies, and ack times at half load",
            WholeNumber.From(0, 10_000), "0");
        Option<int> file = TypedOption.WithDefault(
            "--file", "N", "Instead: memory of one agency that reads a file of so many bets",
            WholeNumber.From(0, 1_000_000_000), "0");
        Option<int?> onlyBatch = TypedOption.Optional<int>(
            "--batch", "N", "Bets of a batch; 50 and then 1,000 unless named", WholeNumber.From(1, 10_000));
        Option<int> rounds = TypedOption.WithDefault(
            "--rounds", "N", "Races of each kind that are counted, after one that is not", WholeNumber.From(1, 100),
            "3");
        Option<string?> store = CommonOptions.Text("--store", "CONNECTION", "A PostgreSQL database instead of SQLite");
        var program = new Option<string>("--program") { HelpName = "FILE", Required = true };
        var dir = new Option<string>("--dir") { HelpName = "DIR", Required = true };
        var command = new Command("lottery", "Whole draws, memory and ack times.")
        {
            agencies, bets, crowd, file, onlyBatch, rounds, store, program, dir,
        };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                var shape = new RaceShape(
                    result.GetRequiredValue(program), result.GetValue(agencies), 50, 1, false, result.GetValue(store));
                string root = Directory.CreateDirectory(result.GetRequiredValue(dir)).FullName;
                if (result.GetValue(crowd) is var many and > 0)
                {
                    await CrowdAsync(shape with { Agencies = many }, root, cancellation);
                    return 0;
                }

                if (result.GetValue(file) is var length and > 0)
                {
                    await ReadLongAsync(shape with { Agencies = 1 }, length, root, cancellation);
                    return 0;
                }

                string files = Path.Join(root, "bets");
                await LotteryRace.MakeBetsAsync(
                    shape.Program, shape.Agencies, result.GetValue(bets), files, cancellation);
                int[] batches = result.GetValue(onlyBatch) is { } one ? [one] : [50, 1_000];
                foreach (int batch in batches)
                {
                    await RaceAsync(
                        shape with { Batch = batch }, result.GetValue(bets), result.GetValue(rounds), root,
                        cancellation);
                }

                return 0;
            }
            catch (BenchFailure e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    // Of each kind the first race is not counted: the agencies in this process do everything for the first time in it.
    private static async Task RaceAsync(
        RaceShape shape, int bets, int rounds, string root, CancellationToken cancellation)
    {
        string database = shape.Store is null ? "SQLite" : "PostgreSQL";
        string rows = $"{database,-10}  batch {shape.Batch,5}";
        IBareTable table = shape.Store is { } store
            ? await PostgresBareTable.MakeAsync(store, cancellation)
            : new SqliteBareTable(Path.Join(root, $"bare-{shape.Batch}.db"));
        await using var bare = new LotteryBare(table, shape.Batch);
        await bare.RunAsync(bets, cancellation);
        foreach ((bool isHttp, int window) in new[] { (false, 1), (false, 16), (true, 16) })
        {
            RaceShape race = shape with { Window = window, IsHttp = isHttp };
            await RunAsync(race);
            double before = await bare.RunAsync(bets, cancellation);
            var drawn = new List<Drawn>();
            for (int i = 0; i < rounds; i++)
            {
                // What a disk does in a second is another in the next one: a race lies between two of the bare loops.
                (TimeSpan time, TimeSpan hubTime, long hubBytes) = await RunAsync(race);
                double after = await bare.RunAsync(bets, cancellation);
                double bareTime = ((bets / before) + (bets / after)) / 2;
                before = after;
                drawn.Add(new Drawn(time.TotalSeconds, time.TotalSeconds / bareTime, bareTime, hubTime, hubBytes));
            }

            drawn.Sort((one, other) => one.Ratio.CompareTo(other.Ratio));
            Drawn median = drawn[drawn.Count / 2];
            Say($"{rows}  {shape.Agencies,3} agencies, {(isHttp ? "http" : "text")}, "
                + $"window {window,2}  {median.Seconds,7:0.000} s  {bets / median.Seconds,8:0} bets/s  "
                + $"{median.Ratio,5:0.00} x the {median.BareSeconds:0.000} s of bare ones "
                + $"({drawn[0].Ratio:0.00} to {drawn[^1].Ratio:0.00})  "
                + $"hub {median.HubTime.TotalSeconds,5:0.00} s of processor, {median.HubBytes / 1e6:0} MB");
        }

        async Task<(TimeSpan Time, TimeSpan HubTime, long HubBytes)> RunAsync(RaceShape race)
        {
            string folder = Directory.CreateDirectory(Path.Join(root, Guid.NewGuid().ToString("N"))).FullName;
            await using var hub = new LotteryRace(race, folder);
            await hub.StartAsync(cancellation);
            TimeSpan time = await hub.RunAsync(Path.Join(root, "bets"), cancellation);
            return (time, hub.HubTime, hub.HubBytes);
        }
    }

    // One race, and what five bare connections took right before and after it.
    private sealed record Drawn(
        double Seconds, double Ratio, double BareSeconds, TimeSpan HubTime, long HubBytes);

    // A file that has room in no memory must need none: a process reads it, as an agency does.
    private static async Task ReadLongAsync(RaceShape shape, int bets, string root, CancellationToken cancellation)
    {
        await LotteryRace.MakeBetsAsync(shape.Program, shape.Agencies, bets, root, cancellation);
        string file = Path.Join(root, "agency-1.csv");
        await using var hub = new LotteryRace(shape, Directory.CreateDirectory(Path.Join(root, "data")).FullName);
        await hub.StartAsync(cancellation);
        await using BenchProcess agency = BenchProcess.Start("agency",
        [
            shape.Program, "lottery", "agency", "--id", "1", "--bets", file, "--batch", "1000", "--hub",
            $"127.0.0.1:{hub.TextPort}",
        ]);
        await agency.SucceedAsync(cancellation);
        hub.MeasureMemory();
        Say($"a file of {bets} bets, {new FileInfo(file).Length / 1e6:0} MB: agency at most "
            + $"{agency.PeakBytes / 1e6:0} MB, hub at most {hub.HubBytes / 1e6:0} MB");
    }

    private static async Task CrowdAsync(RaceShape shape, string root, CancellationToken cancellation)
    {
        string folder = Directory.CreateDirectory(Path.Join(root, Guid.NewGuid().ToString("N"))).FullName;
        await using var hub = new LotteryRace(shape, folder);
        await hub.StartAsync(cancellation);
        List<TcpClient> crowd = await LotteryCrowd.GatherAsync(hub.TextPort, shape.Agencies, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        Say($"{crowd.Count} agencies connected: hub at most {hub.HubBytes / 1e6:0} MB");
        crowd.ForEach(one => one.Dispose());

        // As fast as five go that wait for each ack, then at half of that.
        TimeSpan[] full = await LotteryCrowd.PaceAsync(hub.TextPort, 50, 1e9, s_short, cancellation);
        double rate = full.Length * 50 / s_short.TotalSeconds;
        TimeSpan[] half = await LotteryCrowd.PaceAsync(hub.TextPort, 50, rate / 2, s_short * 2, cancellation);
        Say($"full load {rate:0} bets/s; at half of it acks take p50 {Quantile(half, 0.5):0.00} ms, "
            + $"p99 {Quantile(half, 0.99):0.00} ms, at most {half[^1].TotalMilliseconds:0.00} ms");
    }

    private static double Quantile(TimeSpan[] rising, double share) =>
        rising[(int)(share * (rising.Length - 1))].TotalMilliseconds;

    // Globalization is invariant here: a number has a point everywhere.
    private static void Say(string line) => Console.WriteLine(line);
}
