using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>A star: peers that reach each other only through a hub, each with a file that all others want.</summary>
public sealed record StarShape
{
    /// <summary>More peers than these are refused.</summary>
    public const int MostPeers = 1024;

    /// <summary>More transfers than these, over all peers, are refused.</summary>
    public const long MostTransfers = 50_000_000;

    /// <summary>What each peer's link takes.</summary>
    public required CostModel Costs { get; init; }

    /// <summary>How many chunks each peer owns at the start; as many entries as <see cref="Costs"/> has.</summary>
    public required ImmutableArray<int> Chunks { get; init; }

    /// <summary>For how many deliveries one upload is good. Default: <see cref="StarMode.Strict"/>.</summary>
    public StarMode Mode { get; init; }

    /// <summary>Whether the last message of a transfer costs. Default: it does.</summary>
    public FinishedCost Finished { get; init; }

    /// <summary>All chunks.</summary>
    public long TotalChunks => Chunks.Sum(count => (long)count);

    /// <summary>How many chunks have to be delivered, over all peers.</summary>
    public long Transfers => TotalChunks * (Chunks.Length - 1);
}
