using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>What belongs to one run of a swarm, and the estimated bound beside it.</summary>
public sealed class SwarmRunTests
{
    private readonly TrackerDesk _desk = new();
    private readonly Manifest _a = SwarmWords.Content(4, 1);

    [Fact]
    public void An_estimated_bound_takes_nobody_for_slower_than_it_was()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        var measured = new PeerTally(0, 0, 0, 0, UpRate: _a.Length / 100.0, 0);
        _desk.Say(1, new MemberMessage.Count(measured));
        _desk.Tallies[1] = measured with { BytesSent = _a.Length };
        _desk.Now = SwarmWords.At(10);

        _desk.Has(2, _a);

        ExchangeReport report = Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report;
        Assert.Equal(BoundSource.Estimated, report.BoundSource);
        Assert.Equal(10, report.LowerBound.TotalSeconds, 6);
        Assert.Equal(1, report.Ratio!.Value, 6);
    }

    [Fact]
    public void A_member_that_comes_back_after_the_others_have_everything_goes_on_with_their_run()
    {
        VanishBeforeTheEnd();
        _desk.Now = SwarmWords.At(20);
        ComeBack();
        _desk.Now = SwarmWords.At(24);

        _desk.Has(13, _a);

        ExchangeReport report = _desk.Told<HubMessage.Finished>(1)[^1].Report;
        Assert.Equal(2, _desk.Told<HubMessage.Finished>(1).Length);
        Assert.Equal(SwarmWords.At(24), report.Makespan);
        Assert.Equal([SwarmWords.At(0), SwarmWords.At(8), SwarmWords.At(24)], report.Peers.Select(peer => peer.Finish));
        Assert.Equal(_a.Length, report.Peers[0].OwnedBytes);
    }

    [Fact]
    public void A_complete_member_that_finds_its_way_back_changes_nothing()
    {
        VanishBeforeTheEnd();
        _desk.Cut(2);
        _desk.Now = SwarmWords.At(12);

        _desk.Say(12, new MemberMessage.Join(
            "films", SwarmWords.Peer(2), "peer2", [], default, 0, 2, SwarmWords.At(12), SwarmWords.At(8)));
        _desk.Say(12, new MemberMessage.Hold([_a.Full()]));
        _desk.Say(12, new MemberMessage.Ready());

        Assert.Equal(2, _desk.Told<HubMessage.Finished>(1).Length);
        Assert.Equal(SwarmWords.At(8), _desk.Told<HubMessage.Finished>(1)[^1].Report.Makespan);
    }

    [Fact]
    public void Another_run_begins_when_it_comes_back_long_after()
    {
        VanishBeforeTheEnd();
        _desk.Now = SwarmWords.At(80);
        ComeBack();
        _desk.Now = SwarmWords.At(84);

        _desk.Has(13, _a);

        Assert.Equal(SwarmWords.At(4), _desk.Told<HubMessage.Finished>(1)[^1].Report.Makespan);
    }

    [Fact]
    public void Another_run_begins_when_somebody_else_comes()
    {
        VanishBeforeTheEnd();
        _desk.Now = SwarmWords.At(20);
        _desk.JoinWith(4, expect: 0);
        ComeBack();
        _desk.Now = SwarmWords.At(24);

        _desk.Has(4, _a);
        _desk.Has(13, _a);

        Assert.Equal(SwarmWords.At(4), _desk.Told<HubMessage.Finished>(1)[^1].Report.Makespan);
    }

    private void VanishBeforeTheEnd()
    {
        _desk.JoinWith(1, expect: 3, _a);
        _desk.JoinWith(2, expect: 3);
        _desk.JoinWith(3, expect: 3);
        _desk.Now = SwarmWords.At(4);
        _desk.Cut(3);
        _desk.Now = SwarmWords.At(8);
        _desk.Has(2, _a);
        Assert.Equal(SwarmWords.At(8), Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report.Makespan);
    }

    private void ComeBack()
    {
        _desk.Join(3, link: 13);
        _desk.Say(13, new MemberMessage.Ready());
    }
}
