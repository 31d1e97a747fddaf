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
        Option<string?> store = CommonOptions.Text("--store", "CONNECTION", "A PostgreSQL database instead of SQLite");
        var program = new Option<string>("--program") { HelpName = "FILE", Required = true };
        var dir = new Option<string>("--dir") { HelpName = "DIR", Required = true };
        var command = new Command("lottery", "Whole draws, memory and ack times.")
        {
            agencies, bets, crowd, store, program, dir,
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
                }
                else
                {
                    await RaceAsync(shape, result.GetValue(bets), root, cancellation);
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

    private static async Task RaceAsync(RaceShape shape, int bets, string root, CancellationToken cancellation)
    {
        string files = Path.Join(root, "bets");
        await LotteryRace.MakeBetsAsync(shape.Program, shape.Agencies, bets, files, cancellation);
        foreach (int batch in new[] { 50, 1_000 })
        {
            double raw = LotteryRaw.Run(root, batch, s_short);
            Say($"{"bare loops in SQLite",-20} batch {batch,5}  {raw,10:0} rows/s");
            foreach ((bool isHttp, int window) in new[] { (false, 1), (false, 16), (true, 16) })
            {
                string folder = Directory.CreateDirectory(Path.Join(root, Guid.NewGuid().ToString("N"))).FullName;
                RaceShape race = shape with { Batch = batch, Window = window, IsHttp = isHttp };
                await using var hub = new LotteryRace(race, folder);
                await hub.StartAsync(cancellation);
                TimeSpan time = await hub.RunAsync(files, cancellation);
                double rate = bets / time.TotalSeconds;
                Say($"{shape.Agencies,4} agencies, {(isHttp ? "http" : "text")}  batch {batch,5}  window {window,2}  "
                    + $"{time.TotalSeconds,7:0.000} s  {rate,8:0} bets/s  {rate / raw,5:0.00} x bare  "
                    + $"hub {hub.HubBytes / 1e6:0} MB");
            }
        }
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
