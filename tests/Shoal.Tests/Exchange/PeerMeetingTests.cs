using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>Whom a peer dials, and when.</summary>
public sealed class PeerMeetingTests
{
    private readonly PeerDesk _desk = new();

    [Fact]
    public void Earlier_members_are_dialled_when_all_of_them_are_known()
    {
        _desk.Apply(new SwarmPeerEvent.HubConnected());
        _desk.Hub(new HubMessage.Welcome(SwarmWords.Member(9)));
        _desk.Hub(new HubMessage.Joined(SwarmWords.Member(2)));
        _desk.Hub(new HubMessage.Joined(SwarmWords.Member(11)));
        Assert.Empty(_desk.All.OfType<SwarmPeerEffect.Dial>());

        _desk.Pass(0.25);

        Assert.Equal(SwarmWords.Peer(2), Assert.Single(_desk.All.OfType<SwarmPeerEffect.Dial>()).Member.Id);
    }

    [Theory]
    [InlineData(DistributionPlan.MeshLimit, 1)]
    [InlineData(DistributionPlan.MeshLimit + 1, 0)]
    public void Who_waits_for_few_members_meets_each_as_it_comes(int expect, int dials)
    {
        var desk = new PeerDesk(new SwarmPeerOptions
        {
            Swarm = "films", Peer = SwarmWords.Peer(1), Name = "peer1", Expect = expect,
        });
        desk.Hub(new HubMessage.Welcome(SwarmWords.Member(10) with { Id = SwarmWords.Peer(1) }));
        desk.Hub(new HubMessage.Joined(SwarmWords.Member(2)));
        Assert.Equal(dials, desk.All.OfType<SwarmPeerEffect.Dial>().Count());
    }

    [Fact]
    public void A_joiner_of_a_large_swarm_dials_only_whom_the_plan_says()
    {
        const int Members = 100;
        _desk.Apply(new SwarmPeerEvent.HubConnected());
        _desk.Hub(new HubMessage.Welcome(SwarmWords.Member(Members + 1)));
        for (int member = 2; member <= Members; member++)
        {
            _desk.Hub(new HubMessage.Joined(SwarmWords.Member(member)));
        }

        _desk.Pass(6);
        Assert.Empty(_desk.All.OfType<SwarmPeerEffect.Dial>());

        var plan = new DistributionPlan(
            1, 6, [.. Enumerable.Range(1, Members).Select(member => new PlanShare(SwarmWords.Peer(member), 1, 1))]);
        _desk.Hub(new HubMessage.Follow(plan));

        Assert.Equal(
            plan.NeighboursOf(SwarmWords.Peer(1)).Order(),
            _desk.All.OfType<SwarmPeerEffect.Dial>().Select(dial => dial.Member.Id).Order());
    }

    [Fact]
    public void A_member_that_stays_unconnected_is_dialled_again()
    {
        _desk.Apply(new SwarmPeerEvent.HubConnected());
        _desk.Hub(new HubMessage.Welcome(SwarmWords.Member(9)));
        _desk.Hub(new HubMessage.Joined(SwarmWords.Member(2)));
        _desk.Pass(0.25);
        _desk.Apply(new SwarmPeerEvent.PeerConnected(SwarmWords.Peer(2)));
        _desk.Apply(new SwarmPeerEvent.PeerLost(SwarmWords.Peer(2)));

        _desk.Pass(6);

        Assert.Equal(2, _desk.All.OfType<SwarmPeerEffect.Dial>().Count());
    }
}
