using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>Contents that earlier runs began to fetch, and that have a name only if somebody gives them one.</summary>
public sealed class LeftoverTests
{
    private readonly Manifest _old = SwarmWords.Content(4, 1);
    private readonly Manifest _new = SwarmWords.Content(3, 2);

    [Fact]
    public void The_hub_lets_nobody_wait_for_what_nobody_names()
    {
        var desk = new TrackerDesk();
        desk.Join(1);
        desk.Say(1, new MemberMessage.Describe([_old]));
        desk.Say(1, new MemberMessage.Hold([_old.Holding(0, 2)]));
        desk.Say(1, new MemberMessage.Ready());
        desk.JoinWith(2, 0, _new);
        Assert.DoesNotContain(desk.Told<HubMessage.Describe>(2), describe => describe.Manifests.Contains(_old));

        desk.Has(1, _new);

        Assert.Equal(_new.Length, Assert.Single(desk.Told<HubMessage.Finished>(1)).Report.ContentBytes);
    }

    [Fact]
    public void The_hub_counts_what_was_begun_when_somebody_names_it()
    {
        var desk = new TrackerDesk();
        desk.Join(1);
        desk.Say(1, new MemberMessage.Describe([_old]));
        desk.Say(1, new MemberMessage.Hold([_old.Holding(0, 2)]));
        desk.Say(1, new MemberMessage.Ready());
        desk.JoinWith(2, 0, _old);
        Assert.Equal(_old, Assert.Single(Assert.Single(desk.Told<HubMessage.Describe>(1)).Manifests));

        desk.Say(1, new MemberMessage.Have([_old.Chunk(1)]));
        Assert.Empty(desk.Told<HubMessage.Finished>(1));
        desk.Say(1, new MemberMessage.Have([_old.Chunk(3)]));

        Assert.Single(desk.Told<HubMessage.Finished>(1));
    }

    [Fact]
    public void A_peer_tells_the_hub_what_was_begun_and_does_not_want_it()
    {
        PeerDesk desk = Begin();

        Assert.True(desk.Peer.IsComplete);
        Assert.Equal(0, desk.Peer.TotalBytes);
        Assert.Equal(_old, Assert.Single(Assert.Single(desk.ToldHub<MemberMessage.Describe>()).Manifests));
        Assert.Equal(2, Assert.Single(Assert.Single(desk.ToldHub<MemberMessage.Hold>()).Holdings).Chunks.SetCount);
    }

    [Fact]
    public void A_peer_goes_on_with_what_was_begun_when_the_hub_names_it()
    {
        PeerDesk desk = Begin();
        desk.Hub(new HubMessage.Describe([_old]));
        desk.Hub(new HubMessage.Own(SwarmWords.Peer(2), [_old.Id]));
        Assert.Equal(2L * SwarmWords.ChunkSize, desk.Peer.HeldBytes);

        desk.Hub(new HubMessage.Joined(SwarmWords.Member(2)));
        desk.Apply(new SwarmPeerEvent.PeerConnected(SwarmWords.Peer(2)));
        Assert.Equal(2, Assert.Single(Assert.Single(desk.Told<PeerMessage.Hold>(2)).Holdings).Chunks.SetCount);
        desk.From(2, new PeerMessage.Hold([_old.Full()]));
        desk.Hub(new HubMessage.Follow(new DistributionPlan(
            1, 0, [new PlanShare(SwarmWords.Peer(1), 0, 0), new PlanShare(SwarmWords.Peer(2), 1, 1)])));
        desk.Hub(new HubMessage.Start());

        Assert.Equal([_old.Chunk(1), _old.Chunk(3)], desk.Asked(2).Order(Comparer<ChunkRef>.Create(
            (a, b) => a.Index.Value.CompareTo(b.Index.Value))));
    }

    [Fact]
    public void A_peer_tells_a_new_hub_no_name_of_a_content_that_was_withdrawn()
    {
        var desk = new PeerDesk();
        desk.Begin([_new], [(2, _old)]);
        desk.Hub(new HubMessage.Lost(_old.Id, SwarmWords.Peer(2)));
        desk.All.Clear();
        desk.Apply(new SwarmPeerEvent.HubLost());
        desk.Apply(new SwarmPeerEvent.HubConnected());

        Assert.Equal(_new, Assert.Single(Assert.Single(desk.ToldHub<MemberMessage.Describe>()).Manifests));
        Assert.Equal(["own-0"], desk.ToldHub<MemberMessage.Share>().SelectMany(share => share.Entries)
            .Select(entry => entry.Name.Value));
    }

    private PeerDesk Begin()
    {
        var desk = new PeerDesk();
        desk.Apply(new SwarmPeerEvent.FolderRead([_old], [], [_old.Holding(0, 2)]));
        desk.Apply(new SwarmPeerEvent.HubConnected());
        desk.Hub(new HubMessage.Welcome(SwarmWords.Member(1)));
        return desk;
    }
}
