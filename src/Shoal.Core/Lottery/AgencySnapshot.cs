namespace Shoal.Core.Lottery;

/// <summary>What is stored of an agency in a draw, as a transaction sees it.</summary>
/// <param name="Agency">The agency; it is on the roster.</param>
/// <param name="Draw">The state of the draw.</param>
/// <param name="IsClosed">Whether it has said that no more bets come.</param>
/// <param name="Batches">Its batches; they have the numbers from 1 to this.</param>
/// <param name="Bets">Its bets.</param>
public sealed record AgencySnapshot(AgencyId Agency, DrawState Draw, bool IsClosed, long Batches, long Bets);

/// <summary>A batch that is stored.</summary>
/// <param name="Number">Its number, from 1, in the order in which its agency's batches were stored.</param>
/// <param name="Hash">Its content.</param>
public readonly record struct StoredBatch(long Number, BatchHash Hash);
