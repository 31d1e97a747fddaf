using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Tests.Relay;

public sealed class StarMachineTests
{
    [Fact]
    public void Nothing_ends_before_what_it_stands_for_has_happened()
    {
        var desk = new StarDesk(StarSetup.Of(new StarShape { Costs = Stars.Costs("6:1,7:2"), Chunks = [0, 1] }));

        desk.Apply(new StarEvent.Began());
        Assert.Equal(OccupationKind.Request, desk.Begun.Single().Kind);
        desk.Apply(new StarEvent.Arrived(1));
        Assert.Single(desk.Begun);
        desk.Answer(0, fails: false);
        desk.Answer(1, fails: false);
        desk.Answer(1, fails: false);
        desk.Answer(0, fails: false);
        Assert.Null(desk.Makespan);
        desk.Answer(0, fails: false);

        Assert.Equal(Enum.GetValues<OccupationKind>(), desk.Begun.Select(begun => begun.Kind));
        Assert.Equal(17, desk.Makespan?.Milliseconds);
    }

    [Fact]
    public void A_star_beyond_its_limits_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StarSetup.Of(Peers(StarShape.MostPeers + 1)));
        Assert.Equal(StarShape.MostPeers, StarSetup.Of(Peers(StarShape.MostPeers)).Files.Length);

        // Three of the four peers want each chunk.
        int most = (int)(StarShape.MostTransfers / 3 / 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => StarSetup.Of(Stars.Of(most + 1)));
        Assert.Equal(4, StarSetup.Of(Stars.Of(most)).Files.Length);

        static StarShape Peers(int count) => new()
        {
            Costs = Stars.RandomCosts(new DeterministicRandom(1), count),
            Chunks = [.. Enumerable.Repeat(1, count)],
        };
    }

    [Theory]
    [InlineData(StarMode.Strict, StarPolicy.Planned)]
    [InlineData(StarMode.FanOut, StarPolicy.Planned)]
    [InlineData(StarMode.FanOut, StarPolicy.Greedy)]
    [InlineData(StarMode.Strict, StarPolicy.Rounds)]
    public void The_order_in_which_things_really_happen_changes_nothing(StarMode mode, StarPolicy policy)
    {
        StarSetup setup = StarSetup.Of(Stars.Of(40, mode)) with { Policy = policy };
        var reference = new StarDesk(setup);
        reference.RunToTheEnd(new DeterministicRandom(0));
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var desk = new StarDesk(setup);
            desk.RunToTheEnd(new DeterministicRandom(seed));

            Assert.Equal(reference.Makespan, desk.Makespan);
            Assert.Equal(reference.Begun, desk.Begun);
        }
    }

    [Fact]
    public void What_a_peer_has_already_is_not_sent_again()
    {
        var has = new Bitfield(20);
        for (int chunk = 0; chunk < 15; chunk++)
        {
            has.Set(chunk);
        }

        var desk = new StarDesk(new StarSetup
        {
            Costs = Stars.Costs("6:1,7:2,8:3"),
            Files = [new StarFile(0, 20)],
            Holdings = [new Bitfield(20), has, new Bitfield(20)],
        });
        desk.RunToTheEnd(new DeterministicRandom(1));

        Assert.Equal(5 + 20, desk.Begun.Count(begun => begun.Kind == OccupationKind.Deliver));
        Assert.Contains(desk.Begun, begun => begun is { Kind: OccupationKind.Upload, Link: 1 });
    }

    [Fact]
    public void A_peer_that_fails_again_and_again_is_refused()
    {
        var desk = new StarDesk(StarSetup.Of(new StarShape { Costs = Stars.Costs("6:1,7:2"), Chunks = [0, 40] }));
        desk.Apply(new StarEvent.Began());
        for (int i = 0; desk.Refused.Count == 0 && i < 1000; i++)
        {
            int link = desk.Outstanding[0];
            desk.Answer(link, fails: link == 1 && desk.CurrentOf(link).Kind == OccupationKind.Upload);
        }

        Assert.Equal([1], desk.Refused);
        Assert.Equal(StarMachine.MostFailures, desk.Failures);
    }

    [Fact]
    public void A_chunk_that_only_a_lost_peer_had_keeps_nobody_from_the_others_and_comes_when_it_is_back()
    {
        var desk = new StarDesk(StarSetup.Of(Stars.Of(50)));
        desk.Apply(new StarEvent.Began());
        desk.Leave(3);
        desk.RunToTheEnd(new DeterministicRandom(1));

        Assert.All([0, 1, 2], peer => Assert.Equal(150, desk.Has[peer].SetCount));
        desk.Return(3);
        desk.RunToTheEnd(new DeterministicRandom(1));
        Assert.All([0, 1, 2, 3], peer => Assert.Equal(200, desk.Has[peer].SetCount));
    }

    [Theory]
    [InlineData(StarMode.Strict, StarPolicy.Planned)]
    [InlineData(StarMode.FanOut, StarPolicy.Planned)]
    [InlineData(StarMode.Strict, StarPolicy.Greedy)]
    [InlineData(StarMode.FanOut, StarPolicy.Greedy)]
    [InlineData(StarMode.Strict, StarPolicy.Rounds)]
    public void Whatever_fails_and_whoever_leaves_once_it_stops_everybody_gets_everything(
        StarMode mode, StarPolicy policy)
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new DeterministicRandom(seed);
            StarShape shape = Stars.Random(random) with { Mode = mode };
            var desk = new StarDesk(StarSetup.Of(shape) with { Policy = policy }) { Name = $"random seed {seed}" };
            desk.Apply(new StarEvent.Began());
            for (int i = random.Next(400); i > 0; i--)
            {
                desk.Disturb(random);
            }

            desk.ReturnAll();
            desk.RunToTheEnd(random);
            desk.CheckThatAllHaveAll();
        }
    }

    [Theory]
    [InlineData(StarMode.Strict, StarPolicy.Planned)]
    [InlineData(StarMode.FanOut, StarPolicy.Planned)]
    [InlineData(StarMode.Strict, StarPolicy.Greedy)]
    [InlineData(StarMode.FanOut, StarPolicy.Greedy)]
    // Not in rounds, which ask nobody but owners.
    public void Whoever_goes_for_good_those_who_stay_get_all_that_any_of_them_has(StarMode mode, StarPolicy policy)
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var random = new DeterministicRandom(seed);
            StarShape shape = Stars.Random(random) with { Mode = mode };
            var desk = new StarDesk(StarSetup.Of(shape) with { Policy = policy }) { Name = $"random seed {seed}" };
            desk.Apply(new StarEvent.Began());
            for (int i = random.Next(300); i > 0 && desk.Outstanding is { Length: > 0 } links; i--)
            {
                desk.Answer(links[random.Next(links.Length)], fails: false);
            }

            desk.Leave(random.Next(shape.Chunks.Length));
            desk.RunToTheEnd(random);
            desk.CheckThatAllHereHaveTheSame();
        }
    }
}
