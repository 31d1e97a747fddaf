using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Hosts.Peer;
using Shoal.Simulation.Relay;

namespace Shoal.Cluster.Tests.Hostile;

/// <summary>Members that do not do what a hub that keeps the system clock orders.</summary>
public sealed class ClockTests
{
    private const string ThreeCosts = "6:0.6,7:0.7,8:0.8";
    private static readonly ScriptedContent s_film = new("film.bin", Scratch.Bytes(9, 12 * ClockSwarm.ChunkSize));

    [Fact]
    public async Task A_holder_of_wrong_chunks_is_blamed_and_goes_and_what_only_it_had_is_missing()
    {
        await using ClockSwarm swarm = await BeginAsync();
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3, self => self.Bend = (_, bytes) => new byte[bytes.Length], s_film);
        foreach (MemoryPeer peer in new[] { anna, bert })
        {
            var incomplete = Assert.IsType<SwarmOutcome.Incomplete>((await peer.EndAsync()).Outcome);
            Assert.Equal(s_film.Manifest.Id, Assert.Single(incomplete.Missing).Content);
        }

        await swarm.Swarm.HubLog.WaitForAsync("action: relay_chunk | result: fail", "its hash was wrong", "count: 8");
        await swarm.Swarm.HubLog.WaitForAsync("action: disconnect | result: fail", "8 of its orders failed");
        await swarm.Swarm.HubLog.WaitForAsync(" ms] action: upload | result: fail");
        Assert.Equal(swarm.Swarm.Scratch.Look("anna"), swarm.Swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task A_chunk_that_was_wrong_once_is_asked_for_again_and_nobody_goes()
    {
        await using ClockSwarm swarm = await BeginAsync();
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        int wrong = 0;
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3,
            self => self.Bend = (_, bytes) => Interlocked.Increment(ref wrong) == 1 ? new byte[bytes.Length] : bytes,
            s_film);
        ClockReading reading = (await anna.CompleteAsync()).Clock!;
        await bert.CompleteAsync();
        Assert.True(reading.Makespan > reading.LowerBound && reading.LowerBound > VirtualTime.Zero);
        Assert.True(swarm.Swarm.HubLog.Has("action: relay_chunk | result: fail"));
        Assert.False(swarm.Swarm.HubLog.Has("action: disconnect | result: fail"));
    }

    [Theory]
    [InlineData(OccupationKind.Forward)]
    [InlineData(OccupationKind.Upload)]
    [InlineData(OccupationKind.Deliver)]
    [InlineData(OccupationKind.Request)]
    public async Task Who_never_answers_goes_and_others_bring_what_it_was_to_bring(OccupationKind silentAt)
    {
        await using ClockSwarm swarm = await BeginAsync(TimeSpan.FromSeconds(4));
        swarm.Swarm.Scratch.Write("bert/film.bin", s_film.Bytes);
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3, self => self.Obeys = order => order.Kind != silentAt, s_film);
        foreach (MemoryPeer peer in new[] { anna, bert })
        {
            PeerResult result = await peer.CompleteAsync();
            Assert.Equal("zoe", Assert.Single(((SwarmOutcome.Complete)result.Outcome).Vanished).Name);
            Assert.Equal(VirtualTime.Zero, result.Clock!.LowerBound);
        }

        await swarm.Swarm.HubLog.WaitForAsync(
            "action: disconnect | result: fail", "it has not answered an order for 4 s");
        Assert.Equal(swarm.Swarm.Scratch.Look("anna"), swarm.Swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task Who_asks_on_its_own_goes()
    {
        await using ClockSwarm swarm = await BeginAsync();
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3, self => self.Obeys = _ => false, s_film);
        await zoe.Heard.WaitForAsync<HubMessage.Order>();
        for (int i = 0; i < 1000; i++)
        {
            zoe.Hub.Send(new MemberMessage.ToRelay(new PeerMessage.Request([s_film.Chunk(0)])));
        }

        await zoe.Heard.EndedAsync();
        await swarm.Swarm.HubLog.WaitForAsync("action: disconnect | result: fail", "it asked for chunks on its own");
        foreach (MemoryPeer peer in new[] { anna, bert })
        {
            Assert.IsType<SwarmOutcome.Incomplete>((await peer.EndAsync()).Outcome);
        }

        Assert.Equal(swarm.Swarm.Scratch.Look("anna"), swarm.Swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task Answers_to_nothing_change_nothing()
    {
        await using ClockSwarm swarm = await BeginAsync();
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3,
            self => self.Obeys = order =>
            {
                foreach (OccupationKind kind in Enum.GetValues<OccupationKind>())
                {
                    self.Hub.Send(new MemberMessage.Answer(
                        kind, s_film.Chunk(3), new VirtualTime(1), OrderOutcome.Done));
                }

                self.Hub.Send(new MemberMessage.Answer(
                    OccupationKind.Upload, order.Chunk, order.Begin, OrderOutcome.Done));
                self.Hub.Send(new MemberMessage.Have([s_film.Chunk(0)]));
                return true;
            },
            s_film);
        ClockReading reading = (await anna.CompleteAsync()).Clock!;
        await bert.CompleteAsync();
        StarRun simulated = ClockSwarm.Simulate(ClockSwarm.Costs(ThreeCosts), StarMode.Strict, 6, 4, 12);
        Assert.Equal(simulated.Makespan, reading.Makespan);
    }

    [Fact]
    public async Task Who_comes_when_the_clock_runs_or_brings_something_new_is_not_taken_in()
    {
        await using ClockSwarm swarm = await BeginAsync();
        (MemoryPeer anna, MemoryPeer bert) = await TwoAsync(swarm);
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3, self => self.Obeys = _ => false, s_film);
        await zoe.Heard.WaitForAsync<HubMessage.Order>();
        MemoryPeer late = swarm.Swarm.Start(
            "late", options => options with { Relay = RelayUse.Always, Expect = 3 });
        var refused = Assert.IsType<SwarmOutcome.Refused>((await late.EndAsync()).Outcome);
        Assert.Contains("its system clock runs already", refused.Reason, StringComparison.Ordinal);

        var news = new ScriptedContent("news.bin", Scratch.Bytes(77, 5000));
        zoe.Hub.Send(new MemberMessage.Describe([news.Manifest]));
        zoe.Hub.Send(new MemberMessage.Share(zoe.Id, "zoe", [news.Entry]));
        await zoe.Heard.EndedAsync();
        await swarm.Swarm.HubLog.WaitForAsync(
            "action: disconnect | result: fail", "it brought 'news.bin', which was not there");
        await Task.WhenAll(anna.EndAsync(), bert.EndAsync());
    }

    [Fact]
    public async Task A_restarted_hub_has_no_clock_to_go_on_with()
    {
        await using ClockSwarm swarm = await BeginAsync();
        MemoryPeer anna = await swarm.JoinAsync("anna", options => options with { Patience = Limits.Wait });
        MemoryPeer bert = await swarm.JoinAsync("bert", options => options with { Patience = Limits.Wait });
        await using ClockMember zoe = await ClockMember.JoinAsync(
            swarm.Swarm, "zoe", 3, self => self.Obeys = _ => false, s_film);
        await zoe.Heard.WaitForAsync<HubMessage.Order>();
        await Task.WhenAll(
            anna.Log.WaitForAsync("action: start | result: success"),
            bert.Log.WaitForAsync("action: start | result: success"));
        await swarm.Swarm.StopHubAsync();
        await swarm.Swarm.StartHubAsync(options => options with
        {
            Clock = new StarHubOptions { Costs = ClockSwarm.Costs(ThreeCosts) },
        });
        foreach (MemoryPeer peer in new[] { anna, bert })
        {
            var refused = Assert.IsType<SwarmOutcome.Refused>((await peer.EndAsync()).Outcome);
            Assert.Contains("start all peers again", refused.Reason, StringComparison.Ordinal);
        }
    }

    private static Task<ClockSwarm> BeginAsync(TimeSpan? answerLimit = null) =>
        ClockSwarm.BeginAsync(ClockSwarm.Costs(ThreeCosts), answerLimit: answerLimit);

    private static async Task<(MemoryPeer Anna, MemoryPeer Bert)> TwoAsync(ClockSwarm swarm)
    {
        swarm.Swarm.Scratch.Write("anna/of anna.bin", 1, 6 * ClockSwarm.ChunkSize);
        swarm.Swarm.Scratch.Write("bert/of bert.bin", 2, 4 * ClockSwarm.ChunkSize);
        return (await swarm.JoinAsync("anna"), await swarm.JoinAsync("bert"));
    }
}
