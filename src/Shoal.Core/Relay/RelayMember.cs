using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>A peer as the relay knows it: as a holder that is asked, and as a receiver that waits.</summary>
internal sealed class RelayMember(PeerId id)
{
    public PeerId Id { get; } = id;

    /// <summary>The chunks that it holds.</summary>
    public ChunkSet Has { get; } = new();

    /// <summary>Chunks to ask of it next, none twice; entries may be stale.</summary>
    public Queue<int> Queue { get; } = new();

    /// <summary>What is in <see cref="Queue"/>.</summary>
    public ChunkSet Queued { get; } = new();

    /// <summary>Chunks asked of it that have not come.</summary>
    public Dictionary<int, RelayChunk> Asked { get; } = [];

    /// <summary>Bytes of <see cref="Asked"/>.</summary>
    public long AskedBytes { get; set; }

    /// <summary>When it last sent a chunk, or was asked while nothing was asked of it.</summary>
    public TimeSpan LastAnswer { get; set; }

    /// <summary>Whether it kept others waiting for too long and has sent nothing since.</summary>
    public bool IsLate { get; set; }

    /// <summary>Chunks with a wrong hash that it sent.</summary>
    public int CorruptChunks { get; set; }

    /// <summary>Whether it sent so many of them that it is asked no more.</summary>
    public bool IsBanned => CorruptChunks >= SwarmPeer.MostCorruptChunks;

    /// <summary>
    /// Chunks that it wants and has not been handed. Each waits for its holder, or is due, or is missed.
    /// </summary>
    public HashSet<int> Wishes { get; } = [];

    /// <summary>Its part of the bytes that are on their way here, or here and with nobody yet.</summary>
    public long Debt { get; set; }

    /// <summary>Chunks that wait for its link, or that its link has.</summary>
    public HashSet<RelayChunk> Due { get; } = [];

    /// <summary>Chunks that are here and wait for its link.</summary>
    public Queue<RelayChunk> Deliveries { get; } = new();

    /// <summary>Chunks that its link has.</summary>
    public HashSet<RelayChunk> Sending { get; } = [];

    /// <summary>Bytes of <see cref="Sending"/>.</summary>
    public long SendingBytes { get; set; }

    /// <summary>Bytes of <see cref="Due"/>.</summary>
    public long Backlog { get; set; }

    /// <summary>
    /// Chunks that it is to be served later: they went by while its backlog was full, or it owed too much. In the order
    /// of that.
    /// </summary>
    public List<int> Missed { get; } = [];
}
