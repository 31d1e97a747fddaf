using Shoal.Core.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Batches that say themselves what they follow need nothing looked up, as long as that is checked.</summary>
public sealed class BatchRoundTests
{
    private static readonly DrawFacts s_draw = new(7, 7574);

    [Fact]
    public void What_follows_by_its_number_is_presumed_to_be_stored()
    {
        BatchRound round = BatchRound.Presume([Work(1, Numbered(5), Numbered(6)), Work(2, After(0))])!;
        Assert.Equal(
            [new BatchDecision.Store(5), new BatchDecision.Store(6), new BatchDecision.Store(1)],
            round.Decisions.SelectMany(decisions => decisions));
        Assert.Equal(
            [new BatchRound.Growth(7, 1, Before: 4, Batches: 2, Bets: 2), new BatchRound.Growth(7, 2, 0, 1, 1)],
            round.Grown);
        Assert.Equal([5, 6, 1], round.Stored.Select(batch => batch.Number));
    }

    [Fact]
    public void Works_of_one_agency_follow_each_other()
    {
        BatchRound round = BatchRound.Presume([Work(1, Numbered(5)), Work(1, Numbered(6))])!;
        Assert.Equal([new BatchRound.Growth(7, 1, 4, 2, 2)], round.Grown);
    }

    [Fact]
    public void Nothing_is_presumed_where_one_does_not_say_what_it_follows() =>
        Assert.All(
            new BatchWork[][]
            {
                [Work(1, new BatchIdentity.First())],
                [Work(1, new BatchIdentity.InReplay(3))],
                [Work(1, new BatchIdentity.New())],
                [Work(1, Numbered(1)), Work(2, new BatchIdentity.First())],
            },
            works => Assert.Null(BatchRound.Presume(works)));

    [Fact]
    public void Nothing_is_presumed_where_one_would_not_be_stored() =>
        Assert.All(
            new BatchWork[][]
            {
                [Work(1, Numbered(5), Numbered(7))],
                [Work(1, Numbered(5)), Work(1, Numbered(5))],
                [Work(1, After(5)), Work(1, After(5))],
                [Work(1, Numbered(0))],
                [Work(1, Numbered(long.MaxValue))],
            },
            works => Assert.Null(BatchRound.Presume(works)));

    [Fact]
    public void No_works_are_an_empty_round() => Assert.True(BatchRound.Presume([])!.IsEmpty);

    private static BatchIdentity.Numbered Numbered(long number) => new(number);

    private static BatchIdentity.New After(long batches) => new(batches);

    private static BatchWork Work(int agency, params BatchIdentity[] identities) => new(
        s_draw,
        [.. identities.Select((identity, i) => Bets.Offer(agency, identity, Bets.Of(agency, 100 + i, 1)))]);
}
