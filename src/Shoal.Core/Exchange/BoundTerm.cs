using System.Collections.Immutable;
using System.Globalization;

namespace Shoal.Core.Exchange;

/// <summary>
/// Which constraint a term of a lower bound comes from; in this order from the most specific one.
/// </summary>
public enum BoundKind
{
    /// <summary>A half-duplex peer's one link: it sends what only it holds and gets what it lacks.</summary>
    PeerLink,

    /// <summary>A peer's uplink: it sends what only it holds.</summary>
    PeerUpload,

    /// <summary>A peer's downlink: it gets what it lacks.</summary>
    PeerDownload,

    /// <summary>A site's uplink: what only the site holds leaves it.</summary>
    SiteUpload,

    /// <summary>A site's downlink: what nobody in the site holds enters it.</summary>
    SiteDownload,

    /// <summary>The one link of a half-duplex hub that everything passes.</summary>
    HubLink,

    /// <summary>The uplink of a hub that everything passes.</summary>
    HubUpload,

    /// <summary>The downlink of a hub that everything passes.</summary>
    HubDownload,

    /// <summary>The uplinks of several peers: they send what only they hold.</summary>
    HolderSet,

    /// <summary>A chunk is handed on only when it is whole (Mundinger, Weber and Weiss, 2008).</summary>
    ChunkHandover,

    /// <summary>The uplinks of all sites: each byte enters every site that lacks it.</summary>
    AllSites,

    /// <summary>The uplinks of all peers: each byte is sent to every peer that lacks it.</summary>
    AllUploads,

    /// <summary>The uplinks of all peers and of a hub that lends them its own.</summary>
    AllUploadsAndHub,
}

/// <summary>One constraint and the least makespan that it allows.</summary>
/// <param name="Kind">Which constraint.</param>
/// <param name="Seconds">
/// The least makespan in seconds; infinite where a link of no capacity is needed.
/// </param>
/// <param name="Index">The index of the peer or site in the shape; -1 where it is neither.</param>
public sealed record BoundTerm(BoundKind Kind, double Seconds, int Index = -1)
{
    private const int MostNames = 4;

    /// <summary>
    /// The indices of the peers of a <see cref="BoundKind.HolderSet"/>, ascending; else empty.
    /// </summary>
    public ImmutableArray<int> Peers { get; init; } = [];

    /// <summary>What the constraint is, for people: "upload of peer 3".</summary>
    /// <param name="names">The peers' names by index; null: they are called by their number, from 1.</param>
    public string Describe(IReadOnlyList<string>? names = null) => Kind switch
    {
        BoundKind.PeerLink => $"half-duplex link of {PeerName(Index, names)}",
        BoundKind.PeerUpload => $"upload of {PeerName(Index, names)}",
        BoundKind.PeerDownload => $"download of {PeerName(Index, names)}",
        BoundKind.SiteUpload => $"uplink of site {Number(Index)}",
        BoundKind.SiteDownload => $"downlink of site {Number(Index)}",
        BoundKind.HubLink => "half-duplex link of the hub",
        BoundKind.HubUpload => "upload of the hub",
        BoundKind.HubDownload => "download of the hub",
        BoundKind.HolderSet => $"uploads of {PeerNames(names)} together",
        BoundKind.ChunkHandover => "whole chunks handed on from one source",
        BoundKind.AllSites => "uplinks of all sites together",
        BoundKind.AllUploads => "uploads of all peers together",
        BoundKind.AllUploadsAndHub => "uploads of all peers and the hub together",
        _ => throw new InvalidOperationException($"No such kind of bound: {Kind}."),
    };

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    private static string PeerName(int index, IReadOnlyList<string>? names) =>
        names is not null && index < names.Count ? names[index] : $"peer {Number(index)}";

    private string PeerNames(IReadOnlyList<string>? names) => Peers.Length > MostNames
        ? $"{Peers.Length} peers"
        : string.Join(", ", Peers[..^1].Select(p => PeerName(p, names)))
            + $" and {PeerName(Peers[^1], names)}";
}
