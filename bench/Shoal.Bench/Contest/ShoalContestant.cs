using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Shoal.Bench.Contest;

/// <summary>Shoal itself: a hub, and a <c>shoal join</c> a peer.</summary>
/// <param name="program">The built program.</param>
/// <param name="upRates">What each peer declares with <c>--up</c> and <c>--down</c>; empty: nothing.</param>
internal sealed class ShoalContestant(string program, IReadOnlyList<LinkRates> upRates) : IContestant
{
    private static readonly TimeSpan s_patienceWithHub = TimeSpan.FromSeconds(10);

    public string Name => upRates.Count == 0 ? "shoal" : "shoal, links declared";

    public async Task<RunFigures> RunAsync(Arena arena, CancellationToken cancellation)
    {
        int port = arena.NextPort();
        string hubAddress = $"{arena.HubAddress}:{port.ToString(CultureInfo.InvariantCulture)}";
        await using var hub = BenchProcess.Start("shoal hub", [program, "hub", "--listen", hubAddress, "--open"]);
        await ConnectAsync(hub, arena.HubAddress, port, cancellation);

        var peers = new List<BenchProcess>();
        try
        {
            long start = Stopwatch.GetTimestamp();
            for (int peer = 0; peer < arena.Peers; peer++)
            {
                peers.Add(BenchProcess.Start(
                    $"shoal join {peer + 1}", arena.CommandOf(peer, JoinOf(arena, peer, hubAddress))));
            }

            await Task.WhenAll(peers.Select(peer => peer.SucceedAsync(cancellation)));
            double cold = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double warm = Enumerable.Range(0, arena.Peers).Max(peer => MakespanOf(ReportOf(arena, peer)));
            return new RunFigures(warm, cold, [.. peers.Select(peer => peer.PeakBytes)]);
        }
        finally
        {
            foreach (BenchProcess peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private IEnumerable<string> JoinOf(Arena arena, int peer, string hub)
    {
        string[] declared = upRates.Count == 0 ? [] : ["--up", upRates[peer].Up, "--down", upRates[peer].Down];
        return
        [
            program, "join", "bench", "--hub", hub, "--dir", arena.FolderOf(peer), "--name", $"peer{peer + 1}",
            "--listen", $"{arena.AddressOf(peer)}:0",
            "--expect", arena.Peers.ToString(CultureInfo.InvariantCulture), "--report", ReportOf(arena, peer),
            .. declared,
        ];
    }

    private static string ReportOf(Arena arena, int peer) => Path.Combine(arena.Root, "run", $"report{peer + 1}.json");

    private static double MakespanOf(string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        return json.RootElement.GetProperty("makespan_ms").GetDouble() / 1000;
    }

    /// <summary>Waits until a hub that has just been started listens.</summary>
    public static async Task ConnectAsync(
        BenchProcess hub, string host, int port, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            hub.ThrowIfEnded();
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(host, port, cancellation);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < s_patienceWithHub)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }
}

/// <summary>What a peer declares of its link, as the command line takes it.</summary>
internal sealed record LinkRates(string Up, string Down);
