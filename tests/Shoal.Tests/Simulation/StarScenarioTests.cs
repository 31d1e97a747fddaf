using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Relay;
using Shoal.Tests.Relay;

namespace Shoal.Tests.Simulation;

public sealed class StarScenarioTests
{
    [Theory]
    [InlineData(StarMode.Strict, FinishedCost.Charged, 5065)]
    [InlineData(StarMode.Strict, FinishedCost.Free, 4845)]
    [InlineData(StarMode.FanOut, FinishedCost.Charged, 4240)]
    public void A_hundred_chunks_a_file_end_as_early_as_the_table_asks(
        StarMode mode, FinishedCost finished, double milliseconds) =>
        Assert.InRange(Run(Stars.Of(100, mode, finished)).Makespan.Milliseconds, 1, milliseconds);

    [Theory]
    [InlineData(StarMode.Strict, FinishedCost.Charged, 197_640)]
    [InlineData(StarMode.Strict, FinishedCost.Free, 189_048)]
    [InlineData(StarMode.FanOut, FinishedCost.Charged, 165_275)]
    public void The_reference_scenario_ends_as_early_as_the_table_asks(
        StarMode mode, FinishedCost finished, double milliseconds) =>
        Assert.InRange(Run(Stars.Of(3907, mode, finished)).Makespan.Milliseconds, 1, milliseconds);

    [Theory]
    [InlineData(100, FinishedCost.Charged, 6_210_000_000)]
    [InlineData(100, FinishedCost.Free, 5_940_000_000)]
    [InlineData(3907, FinishedCost.Charged, 242_624_700_000)]
    [InlineData(3907, FinishedCost.Free, 232_075_800_000)]
    public void Lock_step_takes_exactly_what_it_takes(int chunks, FinishedCost finished, long nanoseconds) =>
        Assert.Equal(
            new VirtualTime(nanoseconds),
            Run(Stars.Of(chunks, StarMode.Strict, finished), StarPolicy.Rounds).Makespan);

    [Theory]
    [InlineData(StarMode.Strict)]
    [InlineData(StarMode.FanOut)]
    public void Thirty_random_draws_of_costs_end_close_to_their_bound(StarMode mode)
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            StarShape shape = Stars.Of(seed == 1 ? 1000 : 200, mode) with
            {
                Costs = Stars.RandomCosts(new DeterministicRandom(seed), 4),
            };
            Assert.True(Run(shape).Ratio <= 1.003, $"random seed {seed}, costs {shape.Costs}");
        }
    }

    [Theory]
    [InlineData(StarMode.Strict)]
    [InlineData(StarMode.FanOut)]
    public void Many_peers_with_files_of_many_lengths_end_close_to_their_bound(StarMode mode)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var random = new DeterministicRandom(seed);
            int peers = 2 + random.Next(11);
            var shape = new StarShape
            {
                Costs = Stars.RandomCosts(random, peers),
                Chunks = [.. Enumerable.Range(0, peers).Select(_ => random.Next(4) == 0 ? 0 : 100 + random.Next(200))],
                Mode = mode,
            };
            Assert.True(Run(shape).Ratio is null or <= 1.01, $"random seed {seed}, costs {shape.Costs}");
        }
    }

    [Fact]
    public void No_policy_breaks_a_rule_or_a_bound_in_any_small_star()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            StarShape shape = Stars.Random(new DeterministicRandom(seed));
            foreach (StarPolicy policy in Enum.GetValues<StarPolicy>())
            {
                StarRun run = Run(shape, policy, seed);
                Assert.True(run.Makespan >= run.Bound, $"random seed {seed}, {policy}: {run.Makespan} < {run.Bound}");
            }
        }
    }

    [Fact]
    public void The_same_random_seed_gives_the_same_run_and_another_one_another()
    {
        StarShape shape = Stars.Of(60);

        Assert.Equal(Trace(shape, 1), Trace(shape, 1));
        Assert.NotEqual(Trace(shape, 1), Trace(shape, 2));
    }

    [Fact]
    public void The_figures_of_the_peers_add_up()
    {
        StarRun run = Run(Stars.Of(100));

        Assert.Equal(1200, run.Peers.Sum(peer => peer.ChunksServed));
        Assert.All(run.Peers, peer => Assert.Equal(300, peer.ChunksReceived));
        Assert.Equal([439, 330, 247, 184], run.Peers.Select(peer => peer.ChunksServed));
        for (int i = 0; i < 4; i++)
        {
            StarPeerTally peer = run.Peers[i];
            Assert.Equal(
                (300 * StarBound.DeliveryCost(Stars.Reference.Links[i], FinishedCost.Charged))
                + (peer.ChunksServed * StarBound.UploadCost(Stars.Reference.Links[i])),
                peer.Busy.Nanoseconds);
            Assert.Equal(VirtualTime.Zero, peer.Files[i]);
            Assert.True(peer.Files.Max() <= run.Makespan);
            Assert.True(peer.MeanChunk > VirtualTime.Zero);
        }

        Assert.Equal(run.Makespan, run.Peers.Max(peer => peer.Files.Max()));
    }

    private static StarRun Run(StarShape shape, StarPolicy policy = StarPolicy.Planned, ulong seed = 1) =>
        new StarScenario { Shape = shape, Policy = policy, RandomSeed = seed }.Run(
            null, TestContext.Current.CancellationToken);

    private static List<Occupation> Trace(StarShape shape, ulong seed)
    {
        var trace = new List<Occupation>();
        new StarScenario { Shape = shape, Policy = StarPolicy.Greedy, RandomSeed = seed }.Run(
            trace.Add, TestContext.Current.CancellationToken);
        return trace;
    }
}
