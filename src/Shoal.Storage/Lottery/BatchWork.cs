using System.Collections.Immutable;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>What never changes of a draw.</summary>
/// <param name="Id">Its row.</param>
/// <param name="WinningNumber">The number that wins.</param>
internal sealed record DrawFacts(long Id, int WinningNumber);

/// <summary>Batches of one agency that came together and wait for the database.</summary>
internal sealed class BatchWork
{
    public BatchWork(DrawFacts draw, ImmutableArray<BatchOffer> offers)
    {
        Draw = draw;
        Offers = offers;
        Bets = offers.Sum(offer => offer.Rows.Bets);
    }

    public DrawFacts Draw { get; }

    public ImmutableArray<BatchOffer> Offers { get; }

    /// <summary>The agency, in its draw.</summary>
    public (long Draw, int Agency) Key => (Draw.Id, Offers[0].Agency.Value);

    /// <summary>The bets of all offers.</summary>
    public int Bets { get; }
}
