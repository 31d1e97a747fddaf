using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;
using Shoal.Hosts.Lottery;
using Shoal.Storage.Lottery;
using Shoal.Tests.Lottery;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>What every store of the lottery promises; among it, random sequences beside a model of lists.</summary>
public abstract class LotteryStoreTests : IAsyncLifetime
{
    private const int Agencies = 3;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => BeginAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the place where the store of one test lies.</summary>
    protected abstract ValueTask BeginAsync();

    /// <summary>Takes it away.</summary>
    protected abstract ValueTask EndAsync();

    /// <summary>Opens the store, for the first time or again.</summary>
    protected abstract Task<ILotteryStore> OpenAsync();

    protected static DrawTerms Terms(DrawName name, int agencies) => new(
        name, [.. Enumerable.Range(1, agencies).Select(one => new AgencyId(one))], DrawTerms.DefaultWinningNumber);

    [Fact]
    public async Task Draws_know_nothing_of_each_other()
    {
        await using ILotteryStore store = await OpenAsync();
        var spring = new DrawName("spring");
        Assert.True(await store.OpenDrawAsync(Terms(DrawName.Default, 1), Stop));
        Assert.True(await store.OpenDrawAsync(Terms(spring, 1) with { WinningNumber = 1 }, Stop));
        Assert.False(await store.OpenDrawAsync(Terms(spring, 7), Stop));
        BatchOffer offer = Bets.Offer(1, new BatchIdentity.Numbered(1), Bets.Of(1, 5, 7574), Bets.Of(1, 6, 1));
        Assert.Equal(new BatchDecision.Store(1), await store.OfferAsync(DrawName.Default, offer, Stop));
        Assert.Equal(new BatchDecision.Store(1), await store.OfferAsync(spring, offer, Stop));
        Assert.IsType<CloseDecision.CloseAndHold>(await store.CloseAsync(spring, new AgencyId(1), null, Stop));
        Assert.IsType<WinnersAnswer.NotYet>(await store.WinnersAsync(DrawName.Default, new AgencyId(1), Stop));
        var held = Assert.IsType<WinnersAnswer.Held>(await store.WinnersAsync(spring, new AgencyId(1), Stop));
        Assert.Equal(["6"], held.Documents);
        DrawStanding standing = (await store.StandingAsync(spring, Stop))!;
        Assert.Equal((1, DrawState.Held, 1), (standing.Terms.WinningNumber, standing.State, standing.Revision));
        Assert.Equal(new AgencySnapshot(new AgencyId(1), DrawState.Held, true, 1, 2), Assert.Single(standing.Agencies));
        Assert.Equal(standing.Agencies[0], await store.AgencyAsync(spring, new AgencyId(1), Stop));
        Assert.Null(await store.AgencyAsync(spring, new AgencyId(2), Stop));
        Assert.Null(await store.AgencyAsync(new DrawName("none"), new AgencyId(1), Stop));
    }

    [Fact]
    public async Task A_draw_that_is_not_there_refuses_everything()
    {
        await using ILotteryStore store = await OpenAsync();
        var none = new DrawName("none");
        BatchOffer offer = Bets.Offer(1, new BatchIdentity.First(), Bets.Of(1, 5, 7574));
        Assert.IsType<BatchDecision.Refuse>(await store.OfferAsync(none, offer, Stop));
        Assert.IsType<CloseDecision.Refuse>(await store.CloseAsync(none, new AgencyId(1), null, Stop));
        Assert.IsType<WinnersAnswer.Refuse>(await store.WinnersAsync(none, new AgencyId(1), Stop));
        Assert.Null(await store.StandingAsync(none, Stop));
        Assert.Null(await store.ReopenAsync(none, Stop));
        Assert.Null(await store.UntilHeldAsync(none, 0, Stop));

        // But it may be made later.
        await store.OpenDrawAsync(Terms(none, 1), Stop);
        Assert.IsType<BatchDecision.Store>(await store.OfferAsync(none, offer, Stop));
    }

    [Fact]
    public async Task Counts_that_differ_keep_an_agency_open()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        await store.OfferAsync(
            DrawName.Default, Bets.Offer(1, new BatchIdentity.Numbered(1), Bets.Of(1, 5, 7574)), Stop);
        Assert.IsType<CloseDecision.Refuse>(await store.CloseAsync(
            DrawName.Default, new AgencyId(1), new BroughtCounts(1, 2), Stop));
        Assert.IsType<CloseDecision.CloseAndHold>(await store.CloseAsync(
            DrawName.Default, new AgencyId(1), new BroughtCounts(1, 1), Stop));
        Assert.IsType<CloseDecision.Repeated>(await store.CloseAsync(
            DrawName.Default, new AgencyId(1), new BroughtCounts(1, 1), Stop));
    }

    [Fact]
    public async Task Batches_that_come_together_are_stored_in_their_order_and_a_replay_of_them_is_not()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 2), Stop);

        // The first and the third are equal: both count, and a replay knows which is which.
        ImmutableArray<BatchOffer> offers = [Batch(1), Batch(2), Batch(1), Batch(3)];
        Assert.Equal(
            ["stored 1", "stored 2", "stored 3", "stored 4"],
            (await store.OfferAllAsync(DrawName.Default, offers, Stop)).Select(Word));
        Assert.Equal(
            ["repeated 1", "repeated 2", "repeated 3", "repeated 4", "stored 5"],
            (await store.OfferAllAsync(DrawName.Default, [.. offers, Batch(1)], Stop)).Select(Word));
        Assert.Equal(
            ["repeated 2", "repeated 3", "stored 6"],
            (await store.OfferAllAsync(DrawName.Default, [Batch(2), Batch(1), Batch(2)], Stop)).Select(Word));
        Assert.Equal(
            ["repeated 5", "repeated 6"],
            (await store.OfferAllAsync(
                DrawName.Default,
                [
                    Batch(1) with { Identity = new BatchIdentity.InReplay(5) },
                    Batch(2) with { Identity = new BatchIdentity.InReplay(5) },
                ], Stop)).Select(Word));
        Assert.Equal(
            ["refused", "repeated 6", "stored 7", "refused", "refused"],
            (await store.OfferAllAsync(
                DrawName.Default,
                [
                    Batch(1) with { Identity = new BatchIdentity.Numbered(6) },
                    Batch(2) with { Identity = new BatchIdentity.Numbered(6) },
                    Batch(9) with { Identity = new BatchIdentity.Numbered(7) },
                    Batch(9) with { Identity = new BatchIdentity.Numbered(9) },
                    Batch(9) with { Identity = new BatchIdentity.Numbered(long.MaxValue) },
                ], Stop)).Select(Word));
        Assert.Equal("refused", Word(await store.OfferAsync(
            DrawName.Default, Bets.Offer(3, new BatchIdentity.First(), Bets.Of(3, 1, 1)), Stop)));

        static BatchOffer Batch(int document) =>
            Bets.Offer(1, new BatchIdentity.First(), Bets.Of(1, document, 7574));
    }

    [Fact]
    public async Task Whoever_waits_for_a_draw_is_told_when_it_is_held()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        Task<int?>[] waiting =
            [.. Enumerable.Range(0, 20).Select(_ => store.UntilHeldAsync(DrawName.Default, 0, Stop))];
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        await store.CloseAsync(DrawName.Default, new AgencyId(1), null, Stop);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Limits.Wait, Stop), held => Assert.Equal(1, held));

        // Who has seen the first revision waits for the second.
        Task<int?> second = store.UntilHeldAsync(DrawName.Default, 1, Stop);
        Assert.Equal(2, await store.ReopenAsync(DrawName.Default, Stop));
        Assert.False(second.IsCompleted);
        await store.CloseAsync(DrawName.Default, new AgencyId(1), null, Stop);
        Assert.Equal(2, await second.WaitAsync(Limits.Wait, Stop));

        using var patience = new CancellationTokenSource();
        Task<int?> third = store.UntilHeldAsync(DrawName.Default, 2, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task Agencies_that_bring_batches_at_the_same_time_do_not_disturb_each_other()
    {
        await using ILotteryStore store = await OpenAsync();
        await store.OpenDrawAsync(Terms(DrawName.Default, 40), Stop);
        await Task.WhenAll(Enumerable.Range(1, 40).Select(async agency =>
        {
            for (int number = 1; number <= 10; number++)
            {
                BatchOffer offer = Bets.Offer(
                    agency, new BatchIdentity.Numbered(number), Bets.Of(agency, number, number));
                Assert.Equal(
                    new BatchDecision.Store(number), await store.OfferAsync(DrawName.Default, offer, Stop));
            }

            await store.CloseAsync(DrawName.Default, new AgencyId(agency), new BroughtCounts(10, 10), Stop);
        }));
        Assert.Equal(DrawState.Held, (await store.StandingAsync(DrawName.Default, Stop))!.State);
        using var export = new MemoryStream();
        Assert.Equal(400, await store.ExportAsync(DrawName.Default, export, Stop));
        string[] rows = Encoding.UTF8.GetString(export.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(
            rows.GroupBy(row => row.Split(',')[0]),
            own => Assert.Equal(Enumerable.Range(1, 10), own.Select(row => int.Parse(
                row.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task The_first_key_of_tokens_that_anybody_brings_stays()
    {
        byte[][] made = [.. Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
        byte[] first;
        await using (ILotteryStore store = await OpenAsync())
        {
            byte[][] kept = await Task.WhenAll(made.Select(key => store.TokenKeyAsync(key, Stop)));
            first = kept[0];
            Assert.Contains(first, made);
            Assert.All(kept, key => Assert.Equal(first, key));
        }

        await using ILotteryStore again = await OpenAsync();
        Assert.Equal(first, await again.TokenKeyAsync(new byte[32], Stop));
    }

    [Fact]
    public async Task A_rehearsal_is_held_to_its_end_and_leaves_nothing_in_the_store()
    {
        await using var records = new LotteryRecords(await OpenAsync());
        await records.OpenDrawAsync(Terms(DrawName.Default, 1), Stop);
        Assert.Null(await LotteryRehearsal.RunAsync(records, TimeProvider.System, NullLogger.Instance, Stop));
        DrawStanding standing = (await records.StandingAsync(DrawName.Default, Stop))!;
        Assert.Equal(DrawState.Open, standing.State);
        AgencySnapshot untouched = new(new AgencyId(1), DrawState.Open, false, 0, 0);
        Assert.Equal(untouched, Assert.Single(standing.Agencies));
        using var output = new MemoryStream();
        Assert.Equal(0, await records.ExportAsync(DrawName.Default, output, Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task The_store_keeps_what_the_model_keeps(ulong randomSeed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"random seed {randomSeed}");
        var random = new DeterministicRandom(randomSeed);
        ILotteryStore store = await OpenAsync();
        try
        {
            var model = new PlainLottery(Agencies);
            await store.OpenDrawAsync(model.Terms, Stop);
            var identities = Enumerable.Range(0, Agencies + 2).Select(_ => (BatchIdentity)new BatchIdentity.First())
                .ToArray();
            for (int step = 0; step < 400; step++)
            {
                // One of them is not on the roster.
                int agency = 1 + random.Next(Agencies + 1);
                switch (random.Next(20))
                {
                    case < 12:
                        BatchIdentity identity = random.Next(4) == 0
                            ? new BatchIdentity.Numbered(1 + random.Next(6))
                            : identities[agency];
                        BatchOffer offer = RandomOffer(random, agency, identity);
                        BatchDecision decision = await store.OfferAsync(DrawName.Default, offer, Stop);
                        Assert.Equal(model.Offer(offer), Word(decision));
                        if (identity is not BatchIdentity.Numbered)
                        {
                            identities[agency] = LotteryRules.Next(identity, decision);
                        }

                        break;
                    case < 14:
                        identities[agency] = new BatchIdentity.First();
                        break;
                    case < 16 when random.Next(4) == 0:
                        CloseDecision close = await store.CloseAsync(
                            DrawName.Default, new AgencyId(agency), counts: null, Stop);
                        Assert.Equal(model.Close(agency), Word(close));
                        break;
                    case < 18:
                        WinnersAnswer answer = await store.WinnersAsync(
                            DrawName.Default, new AgencyId(agency), Stop);
                        Assert.Equal(model.Winners(agency), Word(answer));
                        break;
                    case 18 when random.Next(4) == 0:
                        Assert.Equal(
                            model.Reopen(), await store.ReopenAsync(DrawName.Default, Stop) is not null);
                        break;
                    case 19:
                        await store.DisposeAsync();
                        store = await OpenAsync();
                        break;
                }
            }

            using var export = new MemoryStream();
            await store.ExportAsync(DrawName.Default, export, Stop);
            Assert.Equal(model.Rows(), Encoding.UTF8.GetString(export.ToArray()));
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    // Few contents, so that equal ones are common.
    private static BatchOffer RandomOffer(DeterministicRandom random, int agency, BatchIdentity identity)
    {
        int document = 1 + random.Next(4);
        return Bets.Offer(agency, identity, [
            .. Enumerable.Range(0, 1 + (document % 3))
                .Select(i => Bets.Of(agency, document + (10 * i), document % 2 == 0 ? 7574 : i)),
        ]);
    }

    private static string Word(BatchDecision decision) => decision switch
    {
        BatchDecision.Store store => $"stored {store.Number}",
        BatchDecision.Repeated repeated => $"repeated {repeated.Number}",
        _ => "refused",
    };

    private static string Word(CloseDecision decision) => decision switch
    {
        CloseDecision.Close => "closed",
        CloseDecision.CloseAndHold => "held",
        CloseDecision.Repeated => "repeated",
        _ => "refused",
    };

    private static string Word(WinnersAnswer answer) => answer switch
    {
        WinnersAnswer.NotYet => "wait",
        WinnersAnswer.Held held => string.Join(' ', held.Documents),
        _ => "refused",
    };
}
