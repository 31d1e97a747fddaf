using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Tests.Lottery;

/// <summary>The rules of a draw, one by one.</summary>
public sealed class LotteryRulesTests
{
    private static readonly AgencyId s_one = new(1);
    private static readonly AgencyId s_two = new(2);

    [Fact]
    public void A_barrier_waits_for_names_and_not_for_arrivals()
    {
        var barrier = new SetBarrier<AgencyId>([s_one, s_two]);
        Assert.True(barrier.Arrive(s_one));
        Assert.False(barrier.Arrive(s_one));
        Assert.False(barrier.Arrive(new AgencyId(3)));
        Assert.False(barrier.IsOpen);
        Assert.Equal([s_two], barrier.Missing);
        Assert.True(barrier.Arrive(s_two));
        Assert.True(barrier.IsOpen);
        Assert.False(new SetBarrier<AgencyId>([]).IsOpen);
    }

    [Fact]
    public void The_same_number_with_other_content_is_refused_and_with_the_same_acked_again()
    {
        BatchOffer offer = Bets.Offer(1, new BatchIdentity.Numbered(1), Bets.Of(1, 5, 5));
        BatchOffer other = Bets.Offer(1, new BatchIdentity.Numbered(1), Bets.Of(1, 6, 5));
        AgencySnapshot agency = Snapshot(isClosed: false);
        var stored = new StoredBatch(1, offer.Hash);
        Assert.Equal(new BatchDecision.Repeated(1), LotteryRules.Decide(agency, offer, stored));
        Assert.Equal(
            new BatchDecision.Refuse(
                "batch 1 is stored already with other content", RefusalCause.OtherContent) { Next = 3 },
            LotteryRules.Decide(agency, other, stored));
    }

    [Fact]
    public void A_number_out_of_order_is_refused_with_the_one_that_is_due()
    {
        BatchOffer offer = Bets.Offer(1, new BatchIdentity.Numbered(4), Bets.Of(1, 5, 5));
        Assert.Equal(
            new BatchDecision.Refuse(
                "batch 4 is out of order, the next is 3", RefusalCause.OutOfOrder) { Next = 3 },
            LotteryRules.Decide(Snapshot(isClosed: false), offer, candidate: null));
    }

    [Fact]
    public void After_the_close_a_replay_is_acked_and_new_content_refused()
    {
        BatchOffer offer = Bets.Offer(1, new BatchIdentity.First(), Bets.Of(1, 5, 5));
        AgencySnapshot closed = Snapshot(isClosed: true);
        Assert.IsType<BatchDecision.Repeated>(LotteryRules.Decide(closed, offer, new StoredBatch(2, offer.Hash)));
        Assert.IsType<BatchDecision.Refuse>(LotteryRules.Decide(closed, offer, candidate: null));
    }

    [Fact]
    public void A_replay_ends_with_the_first_batch_that_differs()
    {
        BatchIdentity identity = LotteryRules.Next(new BatchIdentity.First(), new BatchDecision.Repeated(3));
        Assert.Equal(new BatchIdentity.InReplay(4), identity);
        Assert.Equal(identity, LotteryRules.Next(identity, new BatchDecision.Refuse("")));
        Assert.Equal(new BatchIdentity.New(9), LotteryRules.Next(identity, new BatchDecision.Store(9)));
    }

    [Fact]
    public void The_draw_is_held_with_the_last_agency_and_only_with_right_counts()
    {
        AgencySnapshot agency = Snapshot(isClosed: false);
        Assert.IsType<CloseDecision.Close>(LotteryRules.Decide(agency, s_one, null, [s_one, s_two]));
        Assert.IsType<CloseDecision.CloseAndHold>(LotteryRules.Decide(agency, s_one, null, [s_one]));
        Assert.IsType<CloseDecision.Repeated>(
            LotteryRules.Decide(Snapshot(isClosed: true), s_one, null, [s_two]));
        Assert.IsType<CloseDecision.Refuse>(LotteryRules.Decide(null, s_one, null, [s_two]));
        Assert.IsType<CloseDecision.Refuse>(
            LotteryRules.Decide(agency, s_one, new BroughtCounts(2, 3), [s_one]));
        Assert.IsType<CloseDecision.CloseAndHold>(
            LotteryRules.Decide(agency, s_one, new BroughtCounts(2, 4), [s_one]));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("a.B-c_9", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    public void A_draw_has_a_plain_name(string text, bool isName)
    {
        Assert.Equal(isName, DrawName.TryParse(text, out _));
        Assert.False(DrawName.TryParse(new string('a', DrawName.Longest + 1), out _));
    }

    private static AgencySnapshot Snapshot(bool isClosed) => new(s_one, DrawState.Open, isClosed, Batches: 2, Bets: 4);
}
