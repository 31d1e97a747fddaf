using Shoal.Core.Content;

namespace Shoal.Core.Relay.Star;

/// <summary>Who is here and has what: all that a strategy decides by.</summary>
internal sealed class StarBoard
{
    public StarBoard(StarSetup setup)
    {
        Setup = setup;
        FirstChunks = setup.FirstChunks();
        Links = new StarLink[setup.Costs.Links.Length];
        for (int peer = 0; peer < Links.Length; peer++)
        {
            Bitfield has = peer < setup.Holdings.Length ? setup.Holdings[peer].Clone() : new Bitfield(ChunkCount);
            Links[peer] = new StarLink(peer, setup.Costs.Links[peer], has);
        }

        for (int file = 0; file < setup.Files.Length; file++)
        {
            if (setup.Files[file].Owner < 0)
            {
                continue;
            }

            for (int chunk = FirstChunks[file]; chunk < FirstChunks[file + 1]; chunk++)
            {
                Links[setup.Files[file].Owner].Has.Set(chunk);
                Links[setup.Files[file].Owner].Claimed.Set(chunk);
            }
        }
    }

    public StarSetup Setup { get; }

    /// <summary>The first chunk of each file, and behind the last file the number of chunks.</summary>
    public int[] FirstChunks { get; }

    public int ChunkCount => FirstChunks[^1];

    public StarLink[] Links { get; }

    /// <summary>Of the peers here that have a chunk the one with the least to send just now; null: none has.</summary>
    public StarLink? LeastLoaded(int chunk, StarLink? except = null)
    {
        StarLink? best = null;
        foreach (StarLink link in Links)
        {
            if (link != except && link.IsPresent && link.Has[chunk]
                && (best is null || CostAfter(link) < CostAfter(best)))
            {
                best = link;
            }
        }

        return best;
    }

    private static long CostAfter(StarLink link) => link.Backlog + StarBound.UploadCost(link.Cost);
}
