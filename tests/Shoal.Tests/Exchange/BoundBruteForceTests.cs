using Shoal.Core.Exchange;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Exchange;

public sealed class BoundBruteForceTests
{
    private const int MostSlots = 8;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Bound_IsNeverAboveTheBestOfAllSchedules(int world)
    {
        int met = 0;
        for (ulong randomSeed = 1; randomSeed <= 200; randomSeed++)
        {
            var random = new DeterministicRandom((ulong)world << 32 | randomSeed);
            bool isDirect = world == 1;
            (SwarmShape shape, int[][] holders) = TinyShape(random, hasHub: world >= 2, isRelay: world == 3);
            double bound = (isDirect ? MakespanBound.Direct(shape) : MakespanBound.Of(shape)).Seconds;
            int? least = new SlotSearch(shape, holders, isDirect).Least(MostSlots);
            Assert.True(
                (least ?? double.PositiveInfinity) >= bound - 1e-9,
                $"bound {bound}, but {least} slots do: world {world}, random seed {randomSeed}, {shape}");
            int relaying = world == 3 ? 1 : 0;
            met += least is > 0 && Math.Ceiling(bound - 1e-9) + relaying >= least ? 1 : 0;
        }

        // Whole slots cost something (relaying always one), but a bound that is seldom met would be no good.
        Assert.True(met > 100, $"met {met} times");
    }

    [Fact]
    public void ChunkedBound_IsTheBestOfAllSchedules()
    {
        foreach ((int receivers, int chunks) in new[] { (1, 3), (2, 1), (2, 3), (3, 1), (3, 2), (4, 1) })
        {
            var shape = new SwarmShape
            {
                Peers = [.. Enumerable.Repeat(new PeerLink(1, 9), receivers + 1)],
                Holdings = [new HeldBytes([0], chunks)],
            };
            int[][] holders = [.. Enumerable.Repeat(new[] { 0 }, chunks)];
            double bound = MakespanBound.Of(shape, new EqualChunks(chunks, 1)).Seconds;
            int? least = new SlotSearch(shape, holders, isDirect: false).Least(MostSlots);
            Assert.Equal(Math.Ceiling(bound - 1e-9), least!.Value);
        }
    }

    private static (SwarmShape Shape, int[][] Holders) TinyShape(
        DeterministicRandom random, bool hasHub, bool isRelay)
    {
        int peers = 2 + random.Next(2);
        int chunks = 1 + random.Next(hasHub ? 2 : 3);
        int sites = isRelay || random.Next(3) > 0 ? 0 : 1 + random.Next(2);
        if (isRelay && random.Next(3) == 0)
        {
            sites = 1;
        }

        var holders = new int[chunks][];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int first = random.Next(peers);
            int second = random.Next(3) == 0 ? random.Next(peers) : first;
            holders[chunk] = first == second ? [first] : [Math.Min(first, second), Math.Max(first, second)];
        }

        var shape = new SwarmShape
        {
            Sites =
            [
                .. Enumerable.Range(0, sites)
                    .Select(_ => new SiteLink(1 + random.Next(2), 1 + random.Next(2))),
            ],
            Peers = [.. Enumerable.Range(0, peers).Select(_ => Link(random, sites))],
            Holdings = [.. holders.Select(h => new HeldBytes([.. h], 1))],
            Hub = hasHub ? Link(random, sites) : null,
            IsRelayOnly = isRelay,
        };
        return (shape, holders);
    }

    private static PeerLink Link(DeterministicRandom random, int sites) =>
        new(1 + random.Next(2), 1 + random.Next(2), random.Next(4) == 0, random.Next(sites + 1) - 1);
}
