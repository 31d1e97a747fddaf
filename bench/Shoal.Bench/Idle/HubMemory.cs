using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shoal.Bench.Contest;
using Shoal.Core.Roster;

namespace Shoal.Bench.Idle;

/// <summary>The memory of a hub with many members that are there and do nothing.</summary>
internal static class HubMemory
{
    /// <summary>So many join at a time: a swarm gathers, it does not storm.</summary>
    private const int JoinsAtOnce = 16;

    /// <summary>Starts a hub, lets the peers join one swarm and stay for a while, and prints the hub's peak.</summary>
    /// <param name="program">The built program.</param>
    /// <param name="peers">How many.</param>
    /// <param name="stay">How long they stay after the last has joined.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchFailure">The hub failed, or lost a peer.</exception>
    public static async Task RunAsync(string program, int peers, TimeSpan stay, CancellationToken cancellation)
    {
        EndpointText address = new("127.0.0.1", FindPort());
        await using var hub = BenchProcess.Start(
            "shoal hub", [program, "hub", "--listen", address.ToString(), "--open"]);
        await ShoalContestant.ConnectAsync(hub, address.Host, address.Port, cancellation);
        hub.MeasureMemory();
        long empty = hub.PeakBytes;

        var idle = new List<IdlePeer>(peers);
        try
        {
            for (int first = 1; first <= peers; first += JoinsAtOnce)
            {
                int count = Math.Min(JoinsAtOnce, peers - first + 1);
                idle.AddRange(await Task.WhenAll(Enumerable.Range(first, count).Select(
                    number => IdlePeer.JoinAsync(address, number, peers + 1, cancellation))));
            }

            hub.MeasureMemory();
            long joined = hub.PeakBytes;
            await Task.Delay(stay, cancellation);
            hub.ThrowIfEnded();
            if (idle.Find(peer => peer.EndReason is not null) is { } lost)
            {
                throw new BenchFailure($"The hub lost a peer: {lost.EndReason}");
            }

            hub.MeasureMemory();
            Print(peers, stay, empty, joined, hub.PeakBytes);
        }
        finally
        {
            await Task.WhenAll(idle.Select(peer => peer.DisposeAsync().AsTask()));
        }
    }

    private static int FindPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Print(int peers, TimeSpan stay, long empty, long joined, long stayed) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {"peak memory of the hub (VmHWM)",-40} MiB
            {"alone",-36} {empty / 1048576.0,7:0.0}
            {$"{peers} idle peers have joined",-36} {joined / 1048576.0,7:0.0}
            {$"{stay.TotalSeconds:0} s later",-36} {stayed / 1048576.0,7:0.0}
            """));
}
