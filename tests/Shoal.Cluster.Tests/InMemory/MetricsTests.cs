using System.Net;
using Shoal.Cluster.Tests.Bench;
using Shoal.Cluster.Tests.Lottery;
using Shoal.Core.Roster;
using Shoal.Hosts.Lottery;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class MetricsTests
{
    [Fact]
    public async Task Hub_and_peers_measure_what_they_do()
    {
        using var meters = new Meters();
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(options => options with { Meters = meters });
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        MemoryPeer anna = swarm.Start("anna", options => options with
        {
            Meters = meters, Capacity = new(1e9, 1e9),
        });
        MemoryPeer bert = swarm.Start("bert", options => options with { Capacity = new(1e9, 1e9) });
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        await swarm.HubLog.WaitForAsync("action: swarm_end");
        await swarm.StopHubAsync();

        Assert.Equal(300_000, meters.Sum("shoal.peer.payload", "By", "send"));
        Assert.Equal(0, meters.Sum("shoal.peer.payload", "By", "receive"));
        Assert.Equal(0, meters.Sum("shoal.peer.connections", "{connection}"));
        Assert.Equal(2, meters.Count("shoal.peer.connections"));
        Assert.Equal(0, meters.Sum("shoal.hub.members", "{member}"));
        Assert.Equal(4, meters.Count("shoal.hub.members"));
        Assert.Equal(0, meters.Sum("shoal.hub.swarms", "{swarm}"));
        Assert.True(meters.Sum("shoal.hub.messages", "{message}", "receive") > 4);
        Assert.True(meters.Sum("shoal.hub.messages", "{message}", "send") > 4);
        Assert.True(meters.Sum("shoal.hub.makespan", "s") > 0);
        Assert.True(meters.Sum("shoal.hub.ratio", "1") >= 1);
        Assert.All(meters.Tags, tag => Assert.True(tag is "receive" or "send" or "waste", tag));
    }

    [Fact]
    public async Task Both_doors_of_a_lottery_count_in_the_same_place()
    {
        using var meters = new Meters();
        await using (LotteryDesk desk = await LotteryDesk.BeginAsync(
            options: new LotteryOptions { Listen = new EndpointText("127.0.0.1", 0), Meters = meters }))
        {
            using TextAgency agency = await desk.DialAsync();
            Assert.Equal("ACK_CHUNK;", await agency.AskAsync($"B{TextAgency.Bet(1)},{TextAgency.Bet(1)};"));
            Assert.Equal(HttpStatusCode.OK, (await desk.PutAsync(2, 1, LotteryDesk.Bet)).Status);
            (await desk.PutAsync(2, 2, "Ana")).IsProblem(HttpStatusCode.UnprocessableEntity, "has 1 values");
            meters.Observe();
            Assert.Equal(1, meters.Sum("shoal.lottery.connections", "{connection}"));
        }

        Assert.Equal(2, meters.Sum("shoal.lottery.batches.stored", "{batch}"));
        Assert.Equal(3, meters.Sum("shoal.lottery.bets.stored", "{bet}"));
        Assert.Equal(1, meters.Sum("shoal.lottery.messages.refused", "{message}"));
        Assert.Empty(meters.Tags);
    }
}
