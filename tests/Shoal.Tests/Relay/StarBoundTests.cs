using System.Collections.Immutable;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Tests.Relay;

public sealed class StarBoundTests
{
    [Theory]
    [InlineData(3907, StarMode.Strict, FinishedCost.Charged, 197_632_400_000)]
    [InlineData(3907, StarMode.Strict, FinishedCost.Free, 189_040_500_000)]
    [InlineData(3907, StarMode.FanOut, FinishedCost.Charged, 165_266_100_000)]
    [InlineData(100, StarMode.Strict, FinishedCost.Charged, 5_061_600_000)]
    [InlineData(100, StarMode.Strict, FinishedCost.Free, 4_841_100_000)]
    [InlineData(100, StarMode.FanOut, FinishedCost.Charged, 4_230_000_000)]
    public void The_reference_scenario_has_the_bounds_of_its_table(
        int chunks, StarMode mode, FinishedCost finished, long nanoseconds) =>
        Assert.Equal(new VirtualTime(nanoseconds), StarBound.Of(Stars.Of(chunks, mode, finished)).Makespan);

    [Fact]
    public void One_peer_alone_needs_no_time() => Assert.Equal(
        VirtualTime.Zero,
        StarBound.Of(new StarShape { Costs = Stars.Costs("6:0.6"), Chunks = [50] }).Makespan);

    [Fact]
    public void The_strict_bound_is_the_first_moment_at_which_a_plain_count_has_enough_uploads()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new DeterministicRandom(seed);
            int peers = 2 + random.Next(3);
            ImmutableArray<LinkCost> links =
            [
                .. Enumerable.Range(0, peers).Select(_ =>
                    new LinkCost(new VirtualTime(1 + random.Next(9)), new VirtualTime(1 + random.Next(3)))),
            ];
            var shape = new StarShape
            {
                Costs = CostModel.Of(links),
                Chunks = [.. Enumerable.Range(0, peers).Select(_ => random.Next(6))],
                Finished = (FinishedCost)random.Next(2),
            };

            long time = 0;
            while (!IsEnough(shape, time))
            {
                time++;
            }

            StarBound bound = StarBound.Of(shape);
            Assert.True(bound.Makespan.Nanoseconds == time, $"random seed {seed}: {bound.Makespan}, {time}");
            ImmutableArray<long> quotas = bound.Quotas();
            Assert.Equal(shape.Transfers, quotas.Sum());
            Assert.All(Enumerable.Range(0, peers), i => Assert.True(
                quotas[i] >= shape.Chunks[i] && Busy(shape, i, quotas[i]) <= time, $"random seed {seed}, peer {i}"));
        }
    }

    [Fact]
    public void What_does_not_fit_into_the_clock_is_refused() => Assert.Throws<OverflowException>(() => StarBound.Of(
        new StarShape { Costs = Stars.Costs("3600000:1,3600000:1"), Chunks = [2_000_000, 2_000_000] }));

    private static bool IsEnough(StarShape shape, long time)
    {
        long uploads = 0;
        for (int i = 0; i < shape.Chunks.Length; i++)
        {
            if (Busy(shape, i, shape.Chunks[i]) > time)
            {
                return false;
            }

            for (long count = 0; Busy(shape, i, count + 1) <= time; count++)
            {
                uploads++;
            }
        }

        return uploads >= shape.Transfers;
    }

    private static long Busy(StarShape shape, int peer, long uploads)
    {
        long chunk = shape.Costs.Links[peer].Chunk.Nanoseconds;
        long message = shape.Costs.Links[peer].Message.Nanoseconds;
        long lacking = shape.TotalChunks - shape.Chunks[peer];
        long finished = shape.Finished == FinishedCost.Charged ? message : 0;
        return (lacking * (message + chunk + finished)) + (uploads * (message + chunk));
    }
}
