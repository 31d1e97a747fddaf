using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Tests.Exchange;

public sealed class SwarmTrackerTests
{
    private readonly TrackerDesk _desk = new();
    private readonly Manifest _a = SwarmWords.Content(4, 1);
    private readonly Manifest _b = SwarmWords.Content(3, 2);

    [Fact]
    public void The_barrier_waits_for_the_largest_number_that_anybody_declares()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 3, _b);
        Assert.Empty(_desk.Told<HubMessage.Start>(1));

        _desk.JoinWith(3, expect: 0);

        Assert.Single(_desk.Told<HubMessage.Start>(1));
        Assert.Single(_desk.Told<HubMessage.Start>(3));
        Assert.Single(_desk.Told<HubMessage.Follow>(2));
    }

    [Fact]
    public void Without_a_number_the_second_ready_member_opens_the_barrier()
    {
        _desk.JoinWith(1, expect: 0, _a);
        _desk.Join(2);
        Assert.Empty(_desk.Told<HubMessage.Start>(1));

        _desk.Say(2, new MemberMessage.Ready());

        Assert.Single(_desk.Told<HubMessage.Start>(1));
    }

    [Fact]
    public void The_barrier_opens_once_and_late_joiners_are_told_at_once()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2, _b);
        _desk.JoinWith(3, expect: 9);

        Assert.Single(_desk.Told<HubMessage.Start>(1));
        Assert.Single(_desk.Told<HubMessage.Start>(3));
        Assert.Equal(2, _desk.Told<HubMessage.Describe>(3).Sum(describe => describe.Manifests.Length));
        Assert.Equal(2, _desk.Told<HubMessage.Share>(3).Length);
        Assert.Contains(_desk.Told<HubMessage.Own>(3), own => own.Owner == SwarmWords.Peer(2));
    }

    [Fact]
    public void Who_looks_is_told_everything_and_is_no_member()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.Say(9, new MemberMessage.Look("films"));

        Assert.Equal(_a.Id, Assert.Single(Assert.Single(_desk.Told<HubMessage.Describe>(9)).Manifests).Id);
        Assert.Equal("peer1", Assert.Single(_desk.Told<HubMessage.Joined>(9)).Member.Name);
        Assert.Single(_desk.Told<HubMessage.Share>(9));
        Assert.Single(_desk.Told<HubMessage.Seen>(9));
        Assert.Empty(_desk.Told<HubMessage.Joined>(1));
        Assert.Equal(1, _desk.Tracker.PresentMembers);

        _desk.Cut(9);
        _desk.Tick(10);
        Assert.False(_desk.Tracker.IsStarted);
    }

    [Fact]
    public void When_somebody_vanished_the_bound_is_for_those_who_finished()
    {
        var capacity = new DeclaredCapacity(1000, 1000);
        _desk.Join(1, expect: 3, capacity);
        _desk.Bring(1, _a);
        _desk.Say(1, new MemberMessage.Ready());
        for (int member = 2; member <= 3; member++)
        {
            _desk.Join(member, expect: 3, capacity);
            _desk.Say(member, new MemberMessage.Ready());
        }

        _desk.Cut(3);
        _desk.Now = SwarmWords.At(_a.Length / 500.0);
        _desk.Has(2, _a);

        ExchangeReport report = Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report;
        Assert.Null(report.Peers[2].Finish);
        Assert.Equal(_a.Length / 1000.0, report.LowerBound.TotalSeconds, 3);
        Assert.Equal(2, report.Ratio!.Value, 3);
        Assert.Equal("download of peer2", report.Binding);
    }

    [Fact]
    public void Everybody_is_told_the_end_when_all_have_everything()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2, _b);
        _desk.Now = SwarmWords.At(5);
        _desk.Has(1, _b);
        Assert.Empty(_desk.Told<HubMessage.Finished>(1));
        _desk.Now = SwarmWords.At(7);

        _desk.Has(2, _a);

        ExchangeReport report = Assert.Single(_desk.Told<HubMessage.Finished>(2)).Report;
        Assert.Equal(SwarmWords.At(7), report.Makespan);
        Assert.Equal(SwarmWords.At(5), report.Peers[0].Finish);
        Assert.Equal(_a.Length, report.Peers[0].OwnedBytes);
        Assert.Equal(_a.Length + _b.Length, report.ContentBytes);
    }

    [Fact]
    public void The_report_has_the_bound_of_declared_capacities()
    {
        var slow = new DeclaredCapacity(1000, 1000);
        _desk.Join(1, 2, slow);
        _desk.Bring(1, _a);
        _desk.Say(1, new MemberMessage.Ready());
        _desk.Join(2, 2, slow);
        _desk.Say(2, new MemberMessage.Ready());
        _desk.Now = SwarmWords.At(100);
        _desk.Has(2, _a);

        ExchangeReport report = Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report;
        Assert.Equal(_a.Length / 1000.0, report.LowerBound.TotalSeconds, 3);
        Assert.Equal(BoundSource.Declared, report.BoundSource);
        Assert.True(report.Ratio > 1);
    }

    [Fact]
    public void A_member_that_vanishes_is_told_to_the_others_and_settles_the_swarm()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2, _b);

        _desk.Cut(2);

        Assert.Equal(Departure.VanishedIncomplete, Assert.Single(_desk.Told<HubMessage.Gone>(1)).Departure);
        Assert.True(_desk.Told<HubMessage.Advance>(1)[^1].Progress.IsSettled);
        Assert.Empty(_desk.Told<HubMessage.Finished>(1));
    }

    [Fact]
    public void A_member_that_comes_back_keeps_its_name_and_order_and_the_swarm_goes_on()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2, _b);
        _desk.Cut(2);

        _desk.Join(2, name: "else", link: 12);
        _desk.Say(12, new MemberMessage.Hold([_b.Full()]));
        _desk.Say(12, new MemberMessage.Ready());

        Member back = Assert.Single(_desk.Told<HubMessage.Welcome>(12)).You;
        Assert.Equal("peer2", back.Name);
        Assert.Equal(2, back.JoinOrder);
        Assert.False(_desk.Told<HubMessage.Advance>(1)[^1].Progress.IsSettled);
    }

    [Fact]
    public void A_silent_member_vanishes_when_its_lease_is_over()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2, _b);
        for (int i = 0; i < 10; i++)
        {
            _desk.Say(1, new MemberMessage.Alive());
            _desk.Tick(1);
        }

        Assert.Single(_desk.Told<HubMessage.Gone>(1));
        Assert.Contains(_desk.Others, effect => effect is SwarmTrackerEffect.Disconnect { Link.Value: 2 });
        Assert.Equal(1, _desk.Tracker.PresentMembers);
    }

    [Fact]
    public void Members_with_one_name_get_a_suffix()
    {
        _desk.Join(1, name: "desk");
        _desk.Join(2, name: "desk");
        _desk.Join(3, name: "desk");

        Assert.Equal("desk-2", _desk.Told<HubMessage.Welcome>(2)[0].You.Name);
        Assert.Equal("desk-3", _desk.Told<HubMessage.Welcome>(3)[0].You.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public void A_bad_name_is_refused(string name)
    {
        _desk.Join(1, name: name);

        Assert.Single(_desk.Told<HubMessage.Refuse>(1));
        Assert.Contains(_desk.Others, effect => effect is SwarmTrackerEffect.Disconnect);
    }

    [Fact]
    public void Who_speaks_before_joining_is_disconnected()
    {
        _desk.Say(1, new MemberMessage.Ready());

        Assert.IsType<SwarmTrackerEffect.Disconnect>(Assert.Single(_desk.Others));
    }

    [Fact]
    public void A_second_process_with_the_same_identity_replaces_the_first()
    {
        _desk.JoinWith(1, expect: 0, _a);

        _desk.Join(1, link: 11);

        Assert.Single(_desk.Told<HubMessage.Refuse>(1));
        Assert.Single(_desk.Told<HubMessage.Welcome>(11));
        Assert.Equal(1, _desk.Tracker.PresentMembers);
    }

    [Fact]
    public void A_bitfield_of_the_wrong_length_costs_its_sender_the_connection()
    {
        _desk.Join(1);
        _desk.Say(1, new MemberMessage.Describe([_a]));
        _desk.Say(1, new MemberMessage.Hold([new Holding(_a.Id, new Bitfield(5))]));

        Assert.Contains(_desk.Others, effect => effect is SwarmTrackerEffect.Disconnect);
        Assert.Equal(0, _desk.Tracker.PresentMembers);
    }

    [Fact]
    public void A_chunk_that_does_not_exist_costs_its_sender_the_connection()
    {
        _desk.JoinWith(1, expect: 0, _a);
        _desk.Say(1, new MemberMessage.Have([_a.Chunk(4)]));

        Assert.Equal(0, _desk.Tracker.PresentMembers);
    }

    [Fact]
    public void A_share_without_its_description_costs_its_sender_the_connection()
    {
        _desk.Join(1);
        _desk.Say(1, new MemberMessage.Share(SwarmWords.Peer(1), "peer1", [_a.File("x")]));

        Assert.Equal(0, _desk.Tracker.PresentMembers);
    }

    [Fact]
    public void Two_first_holders_of_a_content_leave_it_without_an_owner()
    {
        _desk.JoinWith(1, expect: 3, _a);
        _desk.JoinWith(2, expect: 3, _a);

        Assert.Equal(SwarmWords.Peer(1), _desk.Told<HubMessage.Own>(1)[0].Owner);
        Assert.Null(_desk.Told<HubMessage.Own>(1)[^1].Owner);
    }

    [Fact]
    public void A_content_that_its_only_holder_withdraws_is_wanted_no_longer()
    {
        _desk.JoinWith(1, expect: 2, _a, _b);
        _desk.JoinWith(2, expect: 2);
        _desk.Has(2, _b);

        _desk.Say(1, new MemberMessage.Lose(_a.Id));

        Assert.Equal(_a.Id, Assert.Single(_desk.Told<HubMessage.Lost>(2)).Content);
        Assert.Single(_desk.Told<HubMessage.Finished>(2));
    }

    [Fact]
    public void A_member_that_loses_a_content_of_others_does_not_keep_them_waiting()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        _desk.Has(2, _a);
        _desk.Join(3);
        _desk.Say(3, new MemberMessage.Ready());

        _desk.Say(1, new MemberMessage.Lose(_a.Id));
        Assert.Empty(_desk.Told<HubMessage.Lost>(3));
        _desk.Has(3, _a);

        Assert.Single(_desk.Told<HubMessage.Finished>(3));
    }

    [Fact]
    public void A_restarted_hub_takes_over_a_run_that_has_begun()
    {
        _desk.Now = SwarmWords.At(3);
        _desk.Join(2, order: 2, runningFor: SwarmWords.At(40));
        Assert.Single(_desk.Others.OfType<SwarmTrackerEffect.Started>());
        _desk.Join(1, order: 1, runningFor: SwarmWords.At(40));
        _desk.Bring(1, _a);
        _desk.Say(1, new MemberMessage.Ready());
        _desk.Say(2, new MemberMessage.Ready());
        _desk.Now = SwarmWords.At(5);
        _desk.Has(2, _a);

        Assert.Equal(1, _desk.Told<HubMessage.Welcome>(1)[0].You.JoinOrder);
        Assert.Equal(SwarmWords.At(42), Assert.Single(_desk.Told<HubMessage.Finished>(1)).Report.Makespan);
    }

    [Fact]
    public void A_restarted_hub_lets_newcomers_start_too()
    {
        _desk.Join(3);
        Assert.Empty(_desk.Told<HubMessage.Start>(3));

        _desk.Join(1, order: 1, runningFor: SwarmWords.At(40));

        Assert.Single(_desk.Told<HubMessage.Start>(3));
        Assert.Single(_desk.Told<HubMessage.Start>(1));
    }

    [Fact]
    public void A_restarted_hub_does_not_end_the_run_before_its_members_are_back()
    {
        _desk.Join(1, expect: 2, order: 1, runningFor: SwarmWords.At(40));
        _desk.Bring(1, _a);
        _desk.Say(1, new MemberMessage.Ready());
        _desk.Tick(2);
        Assert.Empty(_desk.Told<HubMessage.Finished>(1));

        _desk.Join(2, expect: 2, order: 2, runningFor: SwarmWords.At(41));
        _desk.Say(2, new MemberMessage.Ready());
        _desk.Tick(2);
        Assert.Empty(_desk.Told<HubMessage.Finished>(1));

        _desk.Has(2, _a);
        Assert.Single(_desk.Told<HubMessage.Finished>(1));
    }

    [Fact]
    public void A_restarted_hub_waits_for_members_that_do_not_come_back_for_half_a_minute()
    {
        _desk.Join(1, expect: 2, order: 1, runningFor: SwarmWords.At(40));
        _desk.Say(1, new MemberMessage.Ready());
        for (int i = 0; i < 29; i++)
        {
            _desk.Say(1, new MemberMessage.Alive());
            _desk.Tick(1);
        }

        Assert.Empty(_desk.Told<HubMessage.Finished>(1));
        _desk.Say(1, new MemberMessage.Alive());
        _desk.Tick(2);
        Assert.Single(_desk.Told<HubMessage.Finished>(1));
    }

    [Fact]
    public void Whoever_comes_is_told_of_members_that_vanished_incomplete_a_moment_ago()
    {
        _desk.JoinWith(1, expect: 2, _a);
        _desk.JoinWith(2, expect: 2);
        _desk.Cut(2);

        _desk.Join(3);
        Assert.Contains(_desk.Told<HubMessage.Joined>(3), joined => joined.Member.Id == SwarmWords.Peer(2));
        Assert.Equal(Departure.VanishedIncomplete, Assert.Single(_desk.Told<HubMessage.Gone>(3)).Departure);

        _desk.Now += SwarmWords.At(61);
        _desk.Join(4);
        Assert.Empty(_desk.Told<HubMessage.Gone>(4));
    }

    [Fact]
    public void The_last_member_to_go_ends_the_swarm()
    {
        _desk.JoinWith(1, expect: 0, _a);
        _desk.JoinWith(2, expect: 0);
        _desk.Say(1, new MemberMessage.Leave());
        _desk.Say(2, new MemberMessage.Leave());

        Assert.Single(_desk.Others.OfType<SwarmTrackerEffect.Ended>());
    }
}
