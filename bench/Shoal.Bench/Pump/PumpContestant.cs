using System.Globalization;
using Shoal.Bench.Contest;

namespace Shoal.Bench.Pump;

/// <summary>
/// A process a <see cref="PumpPeer"/>: what sockets, disk and SHA-256 cost when there are no rules.
/// </summary>
internal sealed class PumpContestant : IContestant
{
    public string Name => "raw pump with SHA-256";

    public async Task<RunFigures> RunAsync(Arena arena, CancellationToken cancellation)
    {
        var peers = new List<BenchProcess>();
        try
        {
            for (int peer = 0; peer < arena.Peers; peer++)
            {
                peers.Add(BenchProcess.Start($"pump peer {peer + 1}", arena.CommandOf(
                    peer, Environment.ProcessPath!, "pump-peer", peer.ToString(CultureInfo.InvariantCulture),
                    arena.FolderOf(peer), arena.AddressOf(peer)), readsLines: true));
            }

            string[] ports = await AllAsync(peers, peer => peer.ReadLineAsync("port", cancellation));
            string endpoints = string.Join(' ', ports.Select((port, peer) => $"{arena.AddressOf(peer)}:{port}"));
            await AllAsync(peers, peer => Tell(peer, endpoints));
            await AllAsync(peers, peer => peer.ReadLineAsync("connected", cancellation));
            await AllAsync(peers, peer => Tell(peer, "start"));
            string[] seconds = await AllAsync(peers, peer => peer.ReadLineAsync("done", cancellation));
            peers.ForEach(peer => peer.MeasureMemory());
            await AllAsync(peers, peer => Tell(peer, "end"));
            await Task.WhenAll(peers.Select(peer => peer.SucceedAsync(cancellation)));
            return new RunFigures(
                seconds.Max(text => double.Parse(text, CultureInfo.InvariantCulture)), null,
                [.. peers.Select(peer => peer.PeakBytes)]);
        }
        finally
        {
            foreach (BenchProcess peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private static async Task<string> Tell(BenchProcess peer, string line)
    {
        await peer.WriteLineAsync(line);
        return line;
    }

    private static Task<string[]> AllAsync(List<BenchProcess> peers, Func<BenchProcess, Task<string>> ask) =>
        Task.WhenAll(peers.Select(ask));
}
