using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Bench.Contest;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Peer;

namespace Shoal.Bench.Relayed;

/// <summary>A swarm whose every chunk goes through the hub: a process; the peers are hosts in this one.</summary>
internal static class RelayedSwarm
{
    /// <summary>Runs a swarm from its first join to its end and prints what it took of the hub.</summary>
    /// <exception cref="BenchFailure">The hub failed, or a peer did not get everything.</exception>
    public static async Task RunAsync(string program, RelayedShape shape, CancellationToken cancellation)
    {
        EndpointText address = new("127.0.0.1", FindPort());
        long bytes = shape.Owners * shape.BytesPerOwner;
        string root = RamDisk.MakeFolder((bytes * (shape.Peers + 1)) + (64 << 20));
        try
        {
            await using var hub = BenchProcess.Start(
                "shoal hub", [program, "hub", "--listen", address.ToString(), "--open"]);
            await ShoalContestant.ConnectAsync(hub, address.Host, address.Port, cancellation);
            PeerResult[] results = await Task.WhenAll(Enumerable.Range(0, shape.Peers).Select(
                peer => JoinAsync(root, peer, shape, address, cancellation)));
            hub.ThrowIfEnded();
            hub.MeasureMemory();
            Print(shape, bytes, hub.PeakBytes, [.. results.Select(ReportOf)]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<PeerResult> JoinAsync(
        string root, int peer, RelayedShape shape, EndpointText hub, CancellationToken cancellation)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"peer{peer}");
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        if (peer < shape.Owners)
        {
            RandomFile.Make(Path.Combine(folder, $"{name}.bin"), shape.BytesPerOwner, (ulong)peer + 1);
        }

        var options = new PeerOptions
        {
            Swarm = "relayed",
            Hub = hub,
            Folder = folder,
            Name = name,
            Listen = new EndpointText("127.0.0.1", 0),
            Relay = RelayUse.Always,
            Expect = shape.Peers,
            DownLimit = peer == shape.Peers - 1 ? shape.SlowDown : null,
        };
        await Task.Yield();
        return await PeerHost.RunAsync(
            options, TimeProvider.System, NullLogger.Instance, _ => { }, cancellation);
    }

    private static ExchangeReport ReportOf(PeerResult result) =>
        result.Outcome is SwarmOutcome.Complete { Report: { } report }
            ? report
            : throw new BenchFailure($"A peer ended with {result.Outcome}.");

    private static void Print(RelayedShape shape, long bytes, long peak, IReadOnlyList<ExchangeReport> reports)
    {
        // A member's own last count is surely in the report that it was sent.
        double into = reports[0].Peers.Sum(peer => (double)peer.Tally.RelayedSent);
        double outOf = reports[0].Peers.Sum(peer => (double)peer.Tally.RelayedReceived);
        string slow = shape.SlowDown is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $", one with {rate * 8 / 1e6:0} Mbit/s down")
            : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {shape.Peers} relayed peers, {bytes / 1e6:0} MB unique{slow}
            {"peak memory of the hub (VmHWM), MiB",-40} {peak / 1048576.0,8:0.0}
            {"bytes into the hub / unique",-40} {into / bytes,8:0.000}
            {"bytes out of the hub / unique",-40} {outOf / bytes,8:0.000}
            {"makespan, s",-40} {reports[0].Makespan.TotalSeconds,8:0.00}
            """));
    }

    private static int FindPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
