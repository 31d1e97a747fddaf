using Shoal.Core.Randomness;

namespace Shoal.Core.Exchange;

/// <summary>
/// Picks what the fewest neighbours have, as BitTorrent does: the policy beside which the plan is compared. Among
/// equals chance decides, or all peers would ask for the same.
/// </summary>
internal sealed class RarestFirst(PeerChunks chunks, DeterministicRandom random)
{
    private const int Sample = 64;

    /// <summary>Takes a chunk to ask of a neighbour; false: it has nothing that is missing.</summary>
    public bool TryPick(Neighbour neighbour, out int best)
    {
        best = -1;
        int total = chunks.Catalog.ChunkCount;
        if (chunks.UnaskedCount == 0 || neighbour.Has.Count == 0)
        {
            return false;
        }

        // The rarest of a random sample; where few are missing, the first from a random place on.
        int ties = 0;
        for (int i = 0; i < Sample; i++)
        {
            Consider(random.Next(total), ref best);
        }

        int start = best < 0 ? random.Next(total) : -1;
        for (int i = 0; best < 0 && i < total; i++)
        {
            Consider((start + i) % total, ref best);
        }

        return best >= 0;

        void Consider(int chunk, ref int best)
        {
            if (!chunks.IsOpenAt(neighbour, chunk))
            {
                return;
            }

            int difference = best < 0 ? -1 : chunks.AvailabilityOf(chunk) - chunks.AvailabilityOf(best);
            ties = difference < 0 ? 1 : difference == 0 ? ties + 1 : ties;
            if (difference < 0 || (difference == 0 && random.Next(ties) == 0))
            {
                best = chunk;
            }
        }
    }
}
