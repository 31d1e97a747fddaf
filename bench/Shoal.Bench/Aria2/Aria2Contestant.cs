using System.Diagnostics;
using System.Net;
using Shoal.Bench.Contest;

namespace Shoal.Bench.Aria2;

/// <summary>
/// aria2 as a BitTorrent program, a process a peer, found through our tracker and nothing else.
/// </summary>
internal sealed class Aria2Contestant : IContestant
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(5);

    public string Name => "aria2";

    /// <summary>Whether the program is on this machine.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "aria2c")));

    public async Task<RunFigures> RunAsync(Arena arena, CancellationToken cancellation)
    {
        var address = new IPEndPoint(IPAddress.Parse(arena.HubAddress), arena.NextPort());
        IPEndPoint[] endpoints = [.. Enumerable.Range(0, arena.Peers)
            .Select(peer => new IPEndPoint(IPAddress.Parse(arena.AddressOf(peer)), arena.NextPort()))];
        string[] metainfos = MakeMetainfos(arena, $"http://{address}/announce");
        await using var tracker = new AnnounceTracker(address, endpoints, arena.Peers);

        var peers = new List<BenchProcess>();
        try
        {
            long start = Stopwatch.GetTimestamp();
            for (int peer = 0; peer < arena.Peers; peer++)
            {
                peers.Add(BenchProcess.Start($"aria2 {peer + 1}", arena.CommandOf(
                    peer, CommandOf(arena, peer, endpoints[peer].Port, metainfos))));
            }

            long? barrier = null;
            while (!IsDone(arena))
            {
                peers.ForEach(peer => peer.ThrowIfEnded());
                await Task.Delay(s_lookInterval, cancellation);
                barrier ??= tracker.AllAnnounced.IsCompletedSuccessfully ? Stopwatch.GetTimestamp() : null;
            }

            long end = Stopwatch.GetTimestamp();
            peers.ForEach(peer => peer.MeasureMemory());
            return new RunFigures(
                Stopwatch.GetElapsedTime(barrier ?? start, end).TotalSeconds,
                Stopwatch.GetElapsedTime(start, end).TotalSeconds, [.. peers.Select(peer => peer.PeakBytes)]);
        }
        finally
        {
            foreach (BenchProcess peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private static string[] MakeMetainfos(Arena arena, string announce)
    {
        string[] files = [.. Enumerable.Range(0, arena.Peers)
            .Select(owner => Path.Combine(arena.Root, "run", $"{Arena.FileOf(owner)}.torrent"))];
        for (int owner = 0; owner < arena.Peers; owner++)
        {
            File.WriteAllBytes(files[owner], Metainfo.Of(arena.OriginalOf(owner), announce));
        }

        for (int peer = 0; peer < arena.Peers; peer++)
        {
            File.WriteAllText(DoneOf(arena, peer), "");
            File.WriteAllText(HookOf(arena, peer), $"#!/bin/sh\necho \"$3\" >> '{DoneOf(arena, peer)}'\n");
            File.SetUnixFileMode(HookOf(arena, peer),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return files;
    }

    // Only what a fair contest asks for: no discovery beyond the tracker, and seeds that go on until the end.
    private static string[] CommandOf(Arena arena, int peer, int port, string[] metainfos) =>
    [
        "aria2c", "--no-conf=true", "--quiet=true", "--summary-interval=0", $"--dir={arena.FolderOf(peer)}",
        $"--listen-port={port}", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
        "--enable-peer-exchange=false", "--bt-tracker-interval=2", "--check-integrity=true", "--seed-ratio=0.0",
        "--file-allocation=none", "--allow-overwrite=true", $"--max-concurrent-downloads={metainfos.Length}",
        $"--on-bt-download-complete={HookOf(arena, peer)}", .. metainfos,
    ];

    // The hook may tell of a peer's own file too, once it is verified.
    private static bool IsDone(Arena arena) => Enumerable.Range(0, arena.Peers).All(peer =>
        File.ReadLines(DoneOf(arena, peer)).Select(Path.GetFileName)
            .Where(name => name != Arena.FileOf(peer)).Distinct().Count() == arena.Peers - 1);

    private static string DoneOf(Arena arena, int peer) => Path.Combine(arena.Root, "run", $"done{peer + 1}");

    private static string HookOf(Arena arena, int peer) => Path.Combine(arena.Root, "run", $"hook{peer + 1}.sh");
}
