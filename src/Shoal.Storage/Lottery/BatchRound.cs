using System.Collections.Immutable;
using Shoal.Core.Lottery;

namespace Shoal.Storage.Lottery;

/// <summary>
/// Works that share a transaction: what they need to see of the database, what they see there, and what they change.
/// A batch of a later work sees those that an earlier one stores.
/// </summary>
internal sealed class BatchRound
{
    private const long HighestNumber = long.MaxValue / 2;

    private readonly Dictionary<(long Draw, int Agency), AgencyView> _agencies = [];

    public BatchRound(IReadOnlyList<BatchWork> works)
    {
        foreach (BatchWork work in works)
        {
            _agencies.TryAdd(work.Key, new AgencyView());
            AddLookups(work);
        }
    }

    /// <summary>Whether there are no works.</summary>
    public bool IsEmpty => _agencies.Count == 0;

    /// <summary>The agencies whose rows are to be locked, always in this order.</summary>
    public IEnumerable<(long Draw, int Agency)> Agencies =>
        _agencies.Keys.OrderBy(key => key.Draw).ThenBy(key => key.Agency);

    /// <summary>Stored batches that are to be looked up by their numbers.</summary>
    public List<NumberLookup> Numbers { get; } = [];

    /// <summary>Stored batches that are to be looked up by their content.</summary>
    public List<HashLookup> Hashes { get; } = [];

    /// <summary>The batches to store, in this order.</summary>
    public List<NewBatch> Stored { get; } = [];

    /// <summary>What becomes of each work so far, in the order in which they were decided.</summary>
    public List<ImmutableArray<BatchDecision>> Decisions { get; } = [];

    /// <summary>The agencies that have brought something, and what is new of theirs, in the order of locking.</summary>
    public IEnumerable<Growth> Grown => Agencies
        .Select(key => (Key: key, View: _agencies[key]))
        .Where(one => one.View.NewBatches > 0)
        .Select(one => new Growth(
            one.Key.Draw, one.Key.Agency, one.View.Snapshot!.Batches - one.View.NewBatches, one.View.NewBatches,
            one.View.NewBets));

    /// <summary>
    /// Works that would all be stored if their agencies stood as the works themselves say: the last batch is the one
    /// before theirs, and nobody has closed. Null: not all of them say it, or one would not be stored.
    /// </summary>
    /// <remarks>
    /// Then nothing need be looked up first, as long as it is stored only where the agency does stand so
    /// (<see cref="Growth.Before"/>). A number that follows the last one is in no stored batch, and what is
    /// <see cref="BatchIdentity.New"/> repeats none.
    /// </remarks>
    public static BatchRound? Presume(IReadOnlyList<BatchWork> works)
    {
        var round = new BatchRound(works);
        foreach (BatchWork work in works)
        {
            long? before = work.Offers[0].Identity switch
            {
                BatchIdentity.Numbered { Number: > 0 and <= HighestNumber } numbered => numbered.Number - 1,
                BatchIdentity.New { After: { } after } => after,
                _ => null,
            };
            AgencyId agency = work.Offers[0].Agency;
            AgencyView view = round._agencies[work.Key];
            view.Snapshot ??= before is { } batches
                ? new AgencySnapshot(agency, DrawState.Open, IsClosed: false, batches, Bets: 0)
                : null;
            if (before is null || !round.Decide(work).All(decision => decision is BatchDecision.Store))
            {
                return null;
            }
        }

        return round;
    }

    /// <summary>Batches from this number on, as many as a replay could repeat.</summary>
    public readonly record struct NumberLookup(long Draw, int Agency, long From, int Count);

    /// <summary>The earliest batch of this content, and those behind it.</summary>
    public readonly record struct HashLookup(long Draw, int Agency, byte[] Hash, int Count);

    /// <summary>What is new of an agency: on top of so many batches, batches and bets.</summary>
    public readonly record struct Growth(long Draw, int Agency, long Before, long Batches, long Bets)
    {
        /// <inheritdoc cref="BatchWork.Key"/>
        public (long Draw, int Agency) Key => (Draw, Agency);
    }

    /// <summary>A batch to store.</summary>
    public sealed record NewBatch(DrawFacts Draw, BatchOffer Offer, long Number)
    {
        /// <inheritdoc cref="BatchWork.Key"/>
        public (long Draw, int Agency) Key => (Draw.Id, Offer.Agency.Value);
    }

    /// <summary>An agency's row is read.</summary>
    public void SawAgency(long draw, AgencySnapshot agency) =>
        _agencies[(draw, agency.Agency.Value)].Snapshot = agency;

    /// <summary>A draw's state is read.</summary>
    public void SawDraw(long draw, DrawState state)
    {
        foreach (((long one, _), AgencyView view) in _agencies)
        {
            if (one == draw && view.Snapshot is { } agency)
            {
                view.Snapshot = agency with { Draw = state };
            }
        }
    }

    /// <summary>A stored batch is read.</summary>
    public void SawBatch(long draw, int agency, StoredBatch batch) => _agencies[(draw, agency)].Add(batch);

    /// <summary>Decides about the batches of a work, and notes what is to be stored.</summary>
    public ImmutableArray<BatchDecision> Decide(BatchWork work)
    {
        AgencyView agency = _agencies[work.Key];
        ImmutableArray<BatchDecision>.Builder decisions =
            ImmutableArray.CreateBuilder<BatchDecision>(work.Offers.Length);
        BatchOffer? before = null;
        for (int i = 0; i < work.Offers.Length; i++)
        {
            BatchOffer offer = work.Offers[i];
            before = before is null ? offer : LotteryRules.Follow(before, decisions[^1], offer);
            BatchDecision decision = LotteryRules.Decide(agency.Snapshot, before, agency.Find(before));
            if (decision is BatchDecision.Store store)
            {
                agency.Store(before, store.Number);
                Stored.Add(new NewBatch(work.Draw, before, store.Number));
            }

            decisions.Add(decision);
        }

        Decisions.Add(decisions.MoveToImmutable());
        return Decisions[^1];
    }

    // Which batch of a replay repeats which stored one is known only when the one before it is decided, so all are
    // looked up that it could be.
    private void AddLookups(BatchWork work)
    {
        int agency = work.Offers[0].Agency.Value;
        for (int i = 0; i < work.Offers.Length; i++)
        {
            BatchOffer offer = work.Offers[i];
            switch (offer.Identity)
            {
                // What is beyond is not stored, and the database need not count so far.
                case BatchIdentity.Numbered { Number: > HighestNumber }:
                    break;
                case BatchIdentity.Numbered numbered:
                    Numbers.Add(new NumberLookup(work.Draw.Id, agency, numbered.Number, 1));
                    break;
                case BatchIdentity.InReplay replay when i == 0:
                    Numbers.Add(new NumberLookup(work.Draw.Id, agency, replay.Number, work.Offers.Length));
                    break;
                case BatchIdentity.First:
                    Hashes.Add(new HashLookup(
                        work.Draw.Id, agency, offer.Hash.ToArray(), work.Offers.Length - i));
                    break;
            }
        }
    }

    private sealed class AgencyView
    {
        private readonly Dictionary<long, BatchHash> _byNumber = [];
        private readonly Dictionary<BatchHash, long> _earliest = [];

        public AgencySnapshot? Snapshot { get; set; }

        public long NewBatches { get; private set; }

        public long NewBets { get; private set; }

        public void Add(StoredBatch batch)
        {
            _byNumber[batch.Number] = batch.Hash;
            if (!_earliest.TryGetValue(batch.Hash, out long known) || batch.Number < known)
            {
                _earliest[batch.Hash] = batch.Number;
            }
        }

        public void Store(BatchOffer offer, long number)
        {
            NewBatches++;
            NewBets += offer.Rows.Bets;
            Snapshot = Snapshot! with { Batches = number, Bets = Snapshot.Bets + offer.Rows.Bets };
            Add(new StoredBatch(number, offer.Hash));
        }

        public StoredBatch? Find(BatchOffer offer) => offer.Identity switch
        {
            BatchIdentity.Numbered numbered => Find(numbered.Number),
            BatchIdentity.InReplay replay => Find(replay.Number),
            BatchIdentity.First => _earliest.TryGetValue(offer.Hash, out long number) ? Find(number) : null,
            _ => null,
        };

        private StoredBatch? Find(long number) =>
            _byNumber.TryGetValue(number, out BatchHash hash) ? new StoredBatch(number, hash) : null;
    }
}
