using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>The end of a run waits a moment for what its members counted last.</summary>
public sealed class LastCountTests
{
    private readonly TrackerDesk _desk = new();
    private readonly Manifest _a = SwarmWords.Content(4, 1);

    [Fact]
    public void What_members_sent_just_before_the_end_is_in_the_report()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        _desk.Tallies[1] = new PeerTally { BytesSent = _a.Length };
        _desk.Tallies[2] = new PeerTally { BytesReceived = _a.Length };
        _desk.Now = SwarmWords.At(0.4);
        _desk.Has(2, _a);

        ExchangeReport report = Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report;
        Assert.Equal(_a.Length, report.Peers[0].Tally.BytesSent);
        Assert.Equal(_a.Length, report.Peers[1].Tally.BytesReceived);
    }

    [Fact]
    public void Who_does_not_say_what_it_sent_holds_up_the_end_for_half_a_second_and_no_longer()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        _desk.Uncounted.Add(1);
        _desk.Now = SwarmWords.At(4);
        _desk.Has(2, _a);
        _desk.Tick(0.4);
        Assert.Empty(_desk.Told<HubMessage.Finished>(2));

        _desk.Tick(0.1);

        Assert.Equal(SwarmWords.At(4), Assert.Single(_desk.Told<HubMessage.Finished>(2)).Report.Makespan);
    }

    [Fact]
    public void Who_comes_while_the_end_waits_for_that_takes_part_in_the_same_run()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        _desk.Uncounted.Add(1);
        _desk.Has(2, _a);
        _desk.Join(3);
        _desk.Say(3, new MemberMessage.Ready());
        _desk.Tick(1);
        Assert.Empty(_desk.Told<HubMessage.Finished>(1));

        _desk.Uncounted.Clear();
        _desk.Has(3, _a);

        Assert.Equal(3, Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report.Peers.Length);
    }
}
