using System.Text;
using Shoal.Core.Lottery;
using Shoal.Core.Randomness;
using Shoal.Storage.Lottery;
using Shoal.Tests.Storage;

namespace Shoal.Tests.Lottery;

/// <summary>Random sequences of everything that can happen to a draw, beside a model that only knows lists.</summary>
public sealed class LotterySequenceTests
{
    private const int Agencies = 3;

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
        using var folder = new TempFolder();
        var store = SqliteLotteryStore.Open(folder.Root);
        try
        {
            var model = new PlainLottery(Agencies);
            await store.OpenDrawAsync(model.Terms, Cancellation);
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
                        BatchDecision decision = await store.OfferAsync(DrawName.Default, offer, Cancellation);
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
                            DrawName.Default, new AgencyId(agency), counts: null, Cancellation);
                        Assert.Equal(model.Close(agency), Word(close));
                        break;
                    case < 18:
                        WinnersAnswer answer = await store.WinnersAsync(
                            DrawName.Default, new AgencyId(agency), Cancellation);
                        Assert.Equal(model.Winners(agency), Word(answer));
                        break;
                    case 18 when random.Next(4) == 0:
                        Assert.Equal(
                            model.Reopen(), await store.ReopenAsync(DrawName.Default, Cancellation) is not null);
                        break;
                    case 19:
                        await store.DisposeAsync();
                        store = SqliteLotteryStore.OpenExisting(folder.Root);
                        break;
                }
            }

            using var export = new MemoryStream();
            await store.ExportAsync(DrawName.Default, export, Cancellation);
            Assert.Equal(model.Rows(), Encoding.UTF8.GetString(export.ToArray()));
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
