using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using static Shoal.Tests.Exchange.Shapes;

namespace Shoal.Tests.Exchange;

public sealed class MakespanBoundTests
{
    [Fact]
    public void WorkedRow_FourEqualPeers_120Seconds()
    {
        SwarmShape shape = Equal(4, 500);
        AssertSeconds(120.0, MakespanBound.Of(shape));
        AssertSeconds(120.0, MakespanBound.Direct(shape));
    }

    [Fact]
    public void WorkedRow_HalfDuplex_240Seconds() =>
        AssertSeconds(240.0, MakespanBound.Of(Equal(4, 500).HalfDuplex()));

    [Fact]
    public void WorkedRow_OneSlowUplink_400SecondsAgainst1200Direct()
    {
        SwarmShape shape = Equal(4, 500).WithUp(10, 2);
        BoundResult bound = MakespanBound.Of(shape);
        AssertSeconds(400.0, bound);
        Assert.Equal((BoundKind.PeerUpload, 2), (bound.Binding!.Kind, bound.Binding.Index));
        Assert.Equal("upload of peer 3", bound.Binding!.Describe());
        Assert.Equal("upload of cod", bound.Binding.Describe(["eel", "ray", "cod", "ide"]));
        Assert.Equal(120, bound.SecondsWithoutBinding, 1e-6);
        AssertSeconds(1200.0, MakespanBound.Direct(shape));
    }

    [Fact]
    public void WorkedRow_SixteenEqualPeers_120Seconds() =>
        AssertSeconds(120.0, MakespanBound.Of(Equal(16, 100)));

    [Fact]
    public void WorkedRow_HalfOfSixteenSlow_200SecondsAgainst600Direct()
    {
        SwarmShape shape = Equal(16, 100).WithUp(20, 0, 1, 2, 3, 4, 5, 6, 7);
        AssertSeconds(200.0, MakespanBound.Of(shape));
        Assert.Equal(BoundKind.AllUploads, MakespanBound.Of(shape).Binding!.Kind);
        AssertSeconds(600.0, MakespanBound.Direct(shape));
    }

    [Fact]
    public void WorkedRow_HubLendsUplink_153SecondsInsteadOf600()
    {
        SwarmShape shape = Equal(16, 100, up: 20);
        AssertSeconds(600.0, MakespanBound.Of(shape));
        BoundResult helped = MakespanBound.Of(shape with { Hub = new PeerLink(1000 * Mbit, 1000 * Mbit) });
        AssertSeconds(153.2, helped);
        Assert.Equal(BoundKind.AllUploadsAndHub, helped.Binding!.Kind);
    }

    [Fact]
    public void WorkedRow_UnequalSizes_158SecondsAgainst560Direct()
    {
        SwarmShape shape = AllToAll([1000, 500, 250, 100, 50, 50, 25, 25], 100, 100);
        AssertSeconds(158.0, MakespanBound.Of(shape));
        AssertSeconds(560.0, MakespanBound.Direct(shape));
    }

    [Fact]
    public void WorkedRow_OneSource_80SecondsFluidAnd83InChunks()
    {
        SwarmShape shape = OneSource(1000, 1000, 100, double.PositiveInfinity);
        AssertSeconds(80.0, MakespanBound.Of(shape));
        var chunks = new EqualChunks(250, 4 * MB);
        BoundResult chunked = MakespanBound.Of(shape, chunks);
        AssertSeconds(82.88, chunked);
        Assert.Equal(BoundKind.ChunkHandover, chunked.Binding!.Kind);
        Assert.Equal(80, chunked.SecondsWithoutBinding, 1e-6);
        Assert.Equal(82.88, MakespanBound.OneSourceChunked(chunks, 1000, 100 * Mbit), 1e-6);
    }

    [Fact]
    public void WorkedRow_RelayOnly_192Seconds()
    {
        SwarmShape shape = Equal(16, 100) with
        {
            Hub = new PeerLink(1000 * Mbit, 1000 * Mbit),
            IsRelayOnly = true,
        };
        AssertSeconds(192.0, MakespanBound.Of(shape));
        Assert.Equal("upload of the hub", MakespanBound.Of(shape).Binding!.Describe());
        AssertSeconds(192.0, MakespanBound.RelayEachPair(shape));
        AssertSeconds(240.0, MakespanBound.RelayEachPair(shape.WithUp(50, 7)));
    }

    [Fact]
    public void Of_OneSource_IsTheFluidBoundOfKumarAndRoss()
    {
        // F/u_s, F/d_min and L F / (u_s + sum u_i), each binding once.
        AssertSeconds(800.0, MakespanBound.Of(OneSource(4, 1000, 100, 100).WithUp(10, 0)));
        AssertSeconds(160.0, MakespanBound.Of(OneSource(4, 1000, 100, 50)));
        AssertSeconds(228.6, MakespanBound.Of(OneSource(4, 1000, 100, 100).WithUp(10, 1, 2, 3, 4)));
    }

    [Fact]
    public void Of_EmptyOrSingleOrNothingMissing_IsZero()
    {
        var nobody = new SwarmShape { Peers = [], Holdings = [] };
        Assert.Equal(BoundResult.Zero, MakespanBound.Of(nobody));
        Assert.Equal(0, MakespanBound.Of(Equal(1, 500)).Seconds);
        Assert.Equal(0, MakespanBound.Of(Equal(4, 0)).Seconds);
        SwarmShape everywhere = Equal(2, 0) with { Holdings = [new([0, 1], 5), new([], 7)] };
        Assert.Null(MakespanBound.Of(everywhere).Binding);
    }

    [Fact]
    public void Of_InfiniteLinks_IsZeroAndWithoutLinksInfinite()
    {
        const double Free = double.PositiveInfinity;
        Assert.Equal(0, MakespanBound.Of(Equal(3, 10, Free, Free)).Seconds);
        Assert.Equal(0, MakespanBound.Of(Equal(3, 10, Free, Free).HalfDuplex()).SecondsWithoutBinding);
        Assert.Equal(Free, MakespanBound.Of(Equal(3, 10).WithUp(0, 1)).Seconds);
        Assert.Equal(0, MakespanBound.Of(OneSource(2, 10, Free, Free).WithUp(0, 1)).Seconds);
    }

    [Fact]
    public void Of_PartlySpread_CountsWhatTwoSlowPeersHoldTogether()
    {
        // Peers 0 and 1 hold 100 MB together and nobody else does: 100 MB over 20 Mbit/s.
        SwarmShape shape = Equal(5, 0).WithUp(10, 0, 1) with { Holdings = [new HeldBytes([0, 1], 100 * MB)] };
        BoundResult bound = MakespanBound.Of(shape);
        AssertSeconds(40.0, bound);
        Assert.Equal("uploads of peer 1 and peer 2 together", bound.Binding!.Describe());
        AssertSeconds(120.0, MakespanBound.Direct(shape));
    }

    [Fact]
    public void Of_PartlySpreadAmongMany_FindsTheUnionOfOverlappingSets()
    {
        // More than 16 peers: {0,1}, {1,2} and {2,3} are slow, their union holds three times 100 MB.
        SwarmShape shape = Equal(20, 0, up: 1000).WithUp(10, 0, 1, 2, 3) with
        {
            Holdings = [new([0, 1], 100 * MB), new([1, 2], 100 * MB), new([2, 3], 100 * MB)],
        };
        BoundResult bound = MakespanBound.Of(shape);
        AssertSeconds(60.0, bound);
        Assert.Equal([0, 1, 2, 3], bound.Binding!.Peers);
    }

    [Fact]
    public void Of_Sites_CountsTheSharedLinks()
    {
        SwarmShape shape = Equal(6, 100) with { Sites = [new SiteLink(20 * Mbit, 1000 * Mbit)] };
        shape = shape with
        {
            Peers = [.. shape.Peers.Select((link, i) => link with { Site = i < 3 ? 0 : -1 })],
        };
        BoundResult bound = MakespanBound.Of(shape);
        AssertSeconds(120.0, bound);
        Assert.Equal("uplink of site 1", bound.Binding!.Describe());
        AssertSeconds(360.0, MakespanBound.Direct(shape));

        // Three sites with 20 Mbit/s each: each of 600 MB enters two other sites.
        shape = shape with
        {
            Sites = [.. Enumerable.Repeat(new SiteLink(20 * Mbit, 1000 * Mbit), 3)],
            Peers = [.. shape.Peers.Select((link, i) => link with { Site = i / 2 })],
            Holdings = [new([0], 300 * MB), new([1], 150 * MB), new([2], 150 * MB)],
        };
        AssertSeconds(180.0, MakespanBound.Of(shape));
        shape = shape with { Holdings = [new([0], 200 * MB), new([2], 200 * MB), new([4], 200 * MB)] };
        bound = MakespanBound.Of(shape);
        AssertSeconds(160.0, bound);
        Assert.Equal(BoundKind.AllSites, bound.Binding!.Kind);
    }

    [Fact]
    public void Of_MixedDuplex_TakesDownloadsOffHalfDuplexUplinks()
    {
        // Peer 0 must send 500 MB and get 1500 MB over one 100 Mbit/s link; the others are twice as fast.
        BoundResult bound = MakespanBound.Of(Equal(4, 500, 200, 200).WithUp(100, 0).HalfDuplex(0));
        AssertSeconds(160.0, bound);
        Assert.Equal("half-duplex link of peer 1", bound.Binding!.Describe());
        BoundTerm all = bound.Terms.Single(term => term.Kind == BoundKind.AllUploads);
        Assert.Equal(7500 * 8 / 700.0, all.Seconds, 1e-6);
    }

    [Fact]
    public void Of_ContradictoryShape_IsRefused()
    {
        SwarmShape shape = Equal(3, 10);
        Assert.Throws<ArgumentException>(() => MakespanBound.Of(shape with { Holdings = [new([3], 1)] }));
        Assert.Throws<ArgumentException>(() => MakespanBound.Of(shape with { Holdings = [new([1, 0], 1)] }));
        Assert.Throws<ArgumentException>(() => MakespanBound.Of(shape with { IsRelayOnly = true }));
        Assert.Throws<ArgumentException>(() => MakespanBound.Of(
            shape with { Peers = shape.Peers.SetItem(0, new PeerLink(1, 1, Site: 0)) }));
    }

    [Fact]
    public void Of_MoreCapacityOrLessToMove_NeverRaisesTheBound()
    {
        for (ulong randomSeed = 1; randomSeed <= 50; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            SwarmShape shape = RandomShape(random, 2 + random.Next(20));
            BoundResult bound = MakespanBound.Of(shape);
            int i = random.Next(shape.Peers.Length);
            PeerLink link = shape.Peers[i];
            double factor = 1 + (3 * random.NextDouble());
            SwarmShape faster = shape with
            {
                Peers = shape.Peers.SetItem(
                    i, link with { Up = link.Up * factor, Down = link.Down * factor }),
            };
            int j = random.Next(shape.Holdings.Length);
            SwarmShape smaller = shape with { Holdings = shape.Holdings.RemoveAt(j) };
            double most = bound.Seconds * (1 + 1e-9);
            Assert.True(MakespanBound.Of(faster).Seconds <= most, $"faster, random seed {randomSeed}");
            Assert.True(MakespanBound.Of(smaller).Seconds <= most, $"smaller, random seed {randomSeed}");
            Assert.True(bound.SecondsWithoutBinding <= bound.Seconds, $"relieved, random seed {randomSeed}");
            double direct = MakespanBound.Direct(shape).Seconds * (1 + 1e-9);
            Assert.True(bound.Seconds <= direct, $"direct, random seed {randomSeed}");
        }
    }

    [Fact]
    public void Of_UnionsOfManyPeers_AgreeWithAllSets()
    {
        // A seventeenth peer without content and of next to no capacity changes the way sets are found, not
        // the result.
        for (ulong randomSeed = 1; randomSeed <= 12; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            SwarmShape shape = RandomShape(random, 16);
            shape = shape with
            {
                Sites = [],
                Peers = [.. shape.Peers.Select(link => link with { Site = -1, IsHalfDuplex = false })],
                Hub = null,
            };
            SwarmShape more = shape with { Peers = shape.Peers.Add(new PeerLink(1e-9, 1e9)) };
            double few = HolderSetSeconds(shape);
            double many = HolderSetSeconds(more);
            Assert.True(many >= few * (1 - 1e-6), $"{few} {many}, random seed {randomSeed}");
        }

        static double HolderSetSeconds(SwarmShape shape) => MakespanBound.Of(shape).Terms
            .Where(t => t.Kind is BoundKind.HolderSet or BoundKind.PeerUpload).Max(t => t.Seconds);
    }

    private static SwarmShape RandomShape(DeterministicRandom random, int peers)
    {
        int sites = random.Next(3);
        return new SwarmShape
        {
            Sites =
            [
                .. Enumerable.Range(0, sites)
                    .Select(_ => new SiteLink(1 + random.Next(20), 1 + random.Next(20))),
            ],
            Peers =
            [
                .. Enumerable.Range(0, peers).Select(_ => new PeerLink(
                    1 + random.Next(20), 1 + random.Next(20), random.Next(3) == 0,
                    random.Next(sites + 1) - 1)),
            ],
            Holdings =
            [
                .. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => new HeldBytes(
                    RandomHolders(random, peers),
                    1 + random.Next(100))),
            ],
            Hub = random.Next(4) == 0
                ? new PeerLink(random.Next(30), random.Next(30), random.Next(2) == 0)
                : null,
        };
    }

    private static ImmutableArray<int> RandomHolders(DeterministicRandom random, int peers) =>
        [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.Next(peers)).Distinct().Order()];

    private static void AssertSeconds(double expected, BoundResult bound) =>
        Assert.Equal(expected, bound.Seconds, expected * 5e-4);
}
