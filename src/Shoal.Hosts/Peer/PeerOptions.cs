using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Storage;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer is told.</summary>
public sealed record PeerOptions
{
    /// <summary>The swarm to join.</summary>
    public required string Swarm { get; init; }

    /// <summary>Where the hub is.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>The folder to share and to receive into.</summary>
    public required string Folder { get; init; }

    /// <summary>The name that it would like to have.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens for other peers; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>
    /// Where others come in, if that is not for this peer alone; null by default: it listens itself.
    /// </summary>
    public IDoor? Door { get; init; }

    /// <summary>What it is in the swarm for; for everything by default.</summary>
    public PeerPart Part { get; init; }

    /// <summary>Where others shall dial it, the best first; empty by default: where it listens.</summary>
    public ImmutableArray<EndpointText> Advertise { get; init; } = [];

    /// <summary>The key of hub and peers; null by default: none.</summary>
    public SwarmKey? Key { get; init; }

    /// <summary>When its chunks go through the hub; where peers cannot meet by default.</summary>
    public RelayUse Relay { get; init; }

    /// <summary>What it declares of its links; nothing by default.</summary>
    public DeclaredCapacity Capacity { get; init; }

    /// <summary>The most it may upload, bytes per second; null by default: no limit.</summary>
    public double? UpLimit { get; init; }

    /// <summary>
    /// The pace of all uploads of this machine, where it is not for this peer alone; null by default: its own.
    /// </summary>
    public RateLimit? Pace { get; init; }

    /// <summary>The most it may download, bytes per second; null by default: no limit.</summary>
    public double? DownLimit { get; init; }

    /// <summary>How many members to wait for before the start, itself included; 0 by default: none.</summary>
    public int Expect { get; init; }

    /// <summary>Whether it stays and serves after everybody has everything; false by default.</summary>
    public bool Stay { get; init; }

    /// <summary>How long it waits for members that vanished; 60 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A hub or peer that says nothing at all for so long is disconnected, and dialled again; 15 s by default.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The chunk size for own files, in bytes; null by default: by the length of each file.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Which own names are not shared, as globs; none by default.</summary>
    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>Whether to compute MD5 of whole files after the finish; false by default.</summary>
    public bool Md5 { get; init; }

    /// <summary>
    /// What it does while it reads its folder, in a folder that may be made for it and goes with it, so that nothing is
    /// done for the first time behind the start barrier; says why that broke off, if it did. Null by default: nothing.
    /// </summary>
    public Func<string, CancellationToken, Task<string?>>? Rehearse { get; init; }

    /// <summary>Told what is in its folder, once it knows; null by default: nobody is.</summary>
    public Action<SwarmFolder, FolderContents>? FolderRead { get; init; }

    /// <summary>
    /// Told, from the loop's task, that the hub's directory lists the peer and what it shares; null by default: nobody
    /// is.
    /// </summary>
    public Action? Listed { get; init; }

    /// <summary>
    /// Told, from the loop's task, that a user of the hub's directory wants what the peer shares; null by default:
    /// nobody is.
    /// </summary>
    public Action<OfferId>? Wanted { get; init; }

    /// <summary>How long the last words may take when it stops; 2 s by default.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }
}
