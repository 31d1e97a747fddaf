using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>A file of a star.</summary>
/// <param name="Owner">Which peer has it at the start; -1: none has all of it.</param>
/// <param name="Chunks">How many chunks it has.</param>
public readonly record struct StarFile(int Owner, int Chunks);

/// <summary>All that a <see cref="StarMachine"/> is told before its clock starts.</summary>
public sealed record StarSetup
{
    /// <summary>What each peer's link takes.</summary>
    public required CostModel Costs { get; init; }

    /// <summary>The files; their chunks are counted through, in this order.</summary>
    public required ImmutableArray<StarFile> Files { get; init; }

    /// <summary>
    /// What each peer has of all chunks beside the files that it owns. Default: nothing.
    /// </summary>
    public ImmutableArray<Bitfield> Holdings { get; init; } = [];

    /// <summary>For how many deliveries one upload is good. Default: <see cref="StarMode.Strict"/>.</summary>
    public StarMode Mode { get; init; }

    /// <summary>Whether the last message of a transfer costs. Default: it does.</summary>
    public FinishedCost Finished { get; init; }

    /// <summary>Who decides. Default: <see cref="StarPolicy.Planned"/>.</summary>
    public StarPolicy Policy { get; init; }

    /// <summary>For the order in which <see cref="StarPolicy.Greedy"/> asks for chunks.</summary>
    public ulong RandomSeed { get; init; } = 1;

    /// <summary>The fresh star of a shape: file by file what each peer owns.</summary>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It has more peers than <see cref="StarShape.MostPeers"/>, or more transfers than
    /// <see cref="StarShape.MostTransfers"/>.
    /// </exception>
    public static StarSetup Of(StarShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.Chunks.Length, StarShape.MostPeers, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shape.Transfers, StarShape.MostTransfers, nameof(shape));
        return new StarSetup
        {
            Costs = shape.Costs,
            Files = [.. shape.Chunks.Select((count, peer) => new StarFile(peer, count))],
            Mode = shape.Mode,
            Finished = shape.Finished,
        };
    }

    /// <summary>The first chunk of each file, and behind the last file the number of chunks.</summary>
    /// <exception cref="OverflowException">There are more chunks than can be counted.</exception>
    public int[] FirstChunks()
    {
        var first = new int[Files.Length + 1];
        for (int file = 0; file < Files.Length; file++)
        {
            first[file + 1] = checked(first[file] + Files[file].Chunks);
        }

        return first;
    }

    /// <summary>Of which file a chunk is.</summary>
    /// <param name="chunk">The chunk, counted over all files.</param>
    /// <param name="firstChunks">What <see cref="FirstChunks"/> returned.</param>
    public static int FileOf(int chunk, int[] firstChunks)
    {
        // A file without chunks begins where the next one does.
        int at = Array.BinarySearch(firstChunks, chunk);
        int file = at >= 0 ? at : ~at - 1;
        while (firstChunks[file + 1] <= chunk)
        {
            file++;
        }

        return file;
    }
}
