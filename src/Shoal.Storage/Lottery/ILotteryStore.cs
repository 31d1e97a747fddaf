using System.Collections.Immutable;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>
/// What lasts of the lottery. Every change is decided by <see cref="LotteryRules"/> over what its own transaction sees,
/// and is on the disk when the call returns.
/// </summary>
/// <remarks>
/// Every method throws an <see cref="IOException"/> when the database fails. Then nothing is changed; only where the
/// connection to a database breaks at a commit nobody can tell, and to say the same again finds out.
/// </remarks>
public interface ILotteryStore : IAsyncDisposable
{
    /// <summary>
    /// Does beforehand what would else be done when the first agencies come: connections, prepared statements. Whoever
    /// serves calls it first.
    /// </summary>
    Task WarmAsync();

    /// <summary>
    /// Opens a store of the same kind in which nothing lasts, with one draw that is just open, to try out everything
    /// that agencies will ask for. This store is not touched by it.
    /// </summary>
    /// <param name="draw">The draw. What one of its agencies has done others need not see.</param>
    ILotteryStore OpenForRehearsal(DrawTerms draw);

    /// <summary>Makes a draw; false: there is one of this name, and it stays as it is.</summary>
    Task<bool> OpenDrawAsync(DrawTerms terms, CancellationToken cancellationToken);

    /// <summary>Stores a batch, or says why not.</summary>
    Task<BatchDecision> OfferAsync(DrawName draw, BatchOffer offer, CancellationToken cancellationToken);

    /// <summary>
    /// Stores batches of one agency that came together, one after the other as by <see cref="OfferAsync"/>. Of batches
    /// without numbers the identity of the first counts; see <see cref="LotteryRules.Follow"/>.
    /// </summary>
    /// <returns>What became of each.</returns>
    /// <exception cref="IOException">The database failed; batches at the beginning may be stored.</exception>
    async Task<ImmutableArray<BatchDecision>> OfferAllAsync(
        DrawName draw, ImmutableArray<BatchOffer> offers, CancellationToken cancellationToken)
    {
        ImmutableArray<BatchDecision>.Builder decisions = ImmutableArray.CreateBuilder<BatchDecision>(offers.Length);
        BatchOffer? before = null;
        foreach (BatchOffer next in offers)
        {
            before = before is null ? next : LotteryRules.Follow(before, decisions[^1], next);
            decisions.Add(await OfferAsync(draw, before, cancellationToken));
        }

        return decisions.MoveToImmutable();
    }

    /// <summary>Closes an agency; holds the draw with the last one.</summary>
    /// <param name="draw">The draw.</param>
    /// <param name="agency">The agency.</param>
    /// <param name="counts">What it says that it has brought; null: it does not say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CloseDecision> CloseAsync(
        DrawName draw, AgencyId agency, BroughtCounts? counts, CancellationToken cancellationToken);

    /// <summary>Lets a held draw take bets again, with nobody closed: its next revision.</summary>
    /// <returns>The new revision; null: there is no such draw, or it is open.</returns>
    Task<int?> ReopenAsync(DrawName draw, CancellationToken cancellationToken);

    /// <summary>How a draw stands; null: there is none of this name.</summary>
    Task<DrawStanding?> StandingAsync(DrawName draw, CancellationToken cancellationToken);

    /// <summary>How an agency stands in a draw; null: there is no such draw, or it is not on its roster.</summary>
    Task<AgencySnapshot?> AgencyAsync(DrawName draw, AgencyId agency, CancellationToken cancellationToken);

    /// <summary>An agency's winners, in the order in which their bets were stored.</summary>
    Task<WinnersAnswer> WinnersAsync(DrawName draw, AgencyId agency, CancellationToken cancellationToken);

    /// <summary>Waits until a draw is held, by whichever hub.</summary>
    /// <param name="draw">The draw.</param>
    /// <param name="after">Revisions up to this one do not count; 0: any counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revision that is held; null: there is no such draw.</returns>
    Task<int?> UntilHeldAsync(DrawName draw, int after, CancellationToken cancellationToken);

    /// <summary>The key that agencies' tokens are made with: the first that anybody brings stays.</summary>
    /// <param name="made">A key for a store that has none yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<byte[]> TokenKeyAsync(byte[] made, CancellationToken cancellationToken);

    /// <summary>Writes all bets of a draw as rows, in the order in which they were stored.</summary>
    /// <returns>The number of rows.</returns>
    Task<long> ExportAsync(DrawName draw, Stream output, CancellationToken cancellationToken);
}
