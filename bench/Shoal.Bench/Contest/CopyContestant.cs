using System.Diagnostics;

namespace Shoal.Bench.Contest;

/// <summary>
/// Plain <c>cp</c>, one process a peer: no network, no hash; only for peers on one machine.
/// </summary>
internal sealed class CopyContestant : IContestant
{
    public string Name => "cp";

    public async Task<RunFigures> RunAsync(Arena arena, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, arena.Peers).Select(async peer =>
        {
            IEnumerable<string> others = Enumerable.Range(0, arena.Peers).Where(owner => owner != peer)
                .Select(arena.OriginalOf);
            await using var copy = BenchProcess.Start(
                "cp", ["cp", "--reflink=never", .. others, arena.FolderOf(peer)]);
            await copy.SucceedAsync(cancellation);
        }));
        return new RunFigures(Stopwatch.GetElapsedTime(start).TotalSeconds, null, []);
    }
}
