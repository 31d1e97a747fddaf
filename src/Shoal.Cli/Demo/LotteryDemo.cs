using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Shoal.Core.Lottery;
using Shoal.Hosts.Lottery;

namespace Shoal.Cli.Demo;

/// <summary>
/// Shows the lottery: agencies with made-up bets whose winners are known beforehand send them to a hub at once, and are
/// told their winners after the draw.
/// </summary>
internal sealed class LotteryDemo(DemoStage stage)
{
    private const int Agencies = 5;

    private const int Bets = 100_000;

    private const int BetsPerBatch = 100;

    private const int Winners = 25;

    private readonly string _bets = Path.Combine(stage.Folder.Root, "bets");
    private readonly string _data = Path.Combine(stage.Folder.Root, "data");

    /// <summary>Shows it.</summary>
    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        await RunToEndAsync(
            "the generator",
            [
                "lottery", "generate", "--agencies", Text(Agencies), "--bets", Text(Bets), "--winners", Text(Winners),
                "--random-seed", stage.Arguments.RandomSeed.ToString(CultureInfo.InvariantCulture), "--dir", _bets,
            ],
            cancellation);
        var told = new ConcurrentBag<string>();
        TimeSpan time = await DrawAsync(told, cancellation);
        string export = Path.Combine(stage.Folder.Root, "export.csv");
        await RunToEndAsync("the export", ["lottery", "export", "--data", _data, "--csv", export], cancellation);
        string[] problems = [.. Differences(told, export)];
        return new DemoResult
        {
            Job = DemoJob.Lottery,
            What = string.Create(
                CultureInfo.InvariantCulture, $"{Agencies} agencies, {Bets:#,0} bets, one draw, everybody asks"),
            Time = time,
            Bound = new DemoBound(
                await StoreTimeAsync(cancellation), DemoBoundSource.Measured,
                "the same bets put in the same store by a loop"),
            Checks = problems.Length > 0
                ? []
                :
                [
                    $"{Winners} winners, each told to its agency alone, as known beforehand",
                    string.Create(CultureInfo.InvariantCulture, $"{Bets:#,0} bets stored, each once"),
                ],
            Problems = problems,
        };
    }

    private async Task<TimeSpan> DrawAsync(ConcurrentBag<string> told, CancellationToken cancellation)
    {
        await using var cast = new DemoCast();
        string hub = await cast.ListenAsync(
            "the lottery",
            [
                "lottery", "serve", "--listen", "127.0.0.1:0", "--agencies", Text(Agencies), "--data", _data, "--log",
                Path.Combine(stage.Folder.Root, "lottery.log"),
            ],
            "lottery_listen", cancellation);
        stage.Lines.WriteLine($"The lottery listens at {hub}. Each agency is a process of its own, for example:");
        stage.ShowCommand(CommandOf(1, hub));

        // The starts of so many programs would take more of the time than the draw.
        DemoProcess[] agencies = await Task.WhenAll(Enumerable.Range(1, Agencies).Select(agency => cast.PrepareAsync(
            $"agency {agency}", CommandOf(agency, hub), line => told.Add($"{agency},{line}"), cancellation)));
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(agencies.Select(agency => agency.WriteLineAsync("begin")));
        await cast.SucceedAsync(agencies, cancellation);
        return Stopwatch.GetElapsedTime(start);
    }

    private string[] CommandOf(int agency, string hub) =>
    [
        "lottery", "agency", "--id", Text(agency), "--bets", FileOf(agency), "--batch", Text(BetsPerBatch),
        "--hub", hub,
    ];

    private string FileOf(int agency) => Path.Combine(_bets, $"agency-{agency}.csv");

    private IEnumerable<string> Differences(IEnumerable<string> told, string export)
    {
        string[] known = [.. File.ReadLines(Path.Combine(_bets, "winners.csv")).Order(StringComparer.Ordinal)];
        if (!known.SequenceEqual(told.Order(StringComparer.Ordinal)))
        {
            yield return $"the agencies were not told the {known.Length} winners that winners.csv has";
        }

        IEnumerable<string> sent = Enumerable.Range(1, Agencies).SelectMany(
            agency => File.ReadLines(FileOf(agency)).Select(row => $"{agency},{row}"));
        if (!sent.Order(StringComparer.Ordinal).SequenceEqual(File.ReadLines(export).Order(StringComparer.Ordinal)))
        {
            yield return "the bets that are stored are not those of the agencies' files";
        }
    }

    // The hub's store once more, fed by a loop: whatever the disk, no run can be faster than what it runs on.
    private async Task<TimeSpan> StoreTimeAsync(CancellationToken cancellation)
    {
        DrawTerms terms = new(
            DrawName.Default, [.. Enumerable.Range(1, Agencies).Select(agency => new AgencyId(agency))],
            DrawTerms.DefaultWinningNumber);
        await using var records = LotteryRecords.Open(Path.Combine(stage.Folder.Root, "plain"));
        return await StoreTrial.MeasureAsync(
            records, terms, agency => File.ReadLines(FileOf(agency.Value)), BetsPerBatch, TimeProvider.System,
            cancellation);
    }

    private static async Task RunToEndAsync(
        string name, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        await using var cast = new DemoCast();
        await cast.SucceedAsync([cast.Start(name, arguments, _ => { }, _ => { })], cancellation);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
