using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>A peer as the relay knows it: as a holder that is asked, and as a receiver that waits.</summary>
internal sealed class RelayMember(PeerId id)
{
    public PeerId Id { get; } = id;

    /// <summary>The chunks that it holds.</summary>
    public ChunkSet Has { get; } = new();

    /// <summary>Chunks to ask of it next; entries may be stale.</summary>
    public Queue<RelayChunk> Queue { get; } = new();

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

    /// <summary>Chunks that it wants and has not been handed.</summary>
    public HashSet<int> Wishes { get; } = [];

    /// <summary>Chunks that are here and wait for its link.</summary>
    public Queue<RelayChunk> Deliveries { get; } = new();

    /// <summary>Chunks that its link has.</summary>
    public HashSet<RelayChunk> Sending { get; } = [];

    /// <summary>Bytes of <see cref="Sending"/>.</summary>
    public long SendingBytes { get; set; }

    /// <summary>Bytes of <see cref="Deliveries"/> and <see cref="Sending"/>.</summary>
    public long Backlog { get; set; }

    /// <summary>Chunks that went by while its backlog was full: they are asked for once more when it is not.</summary>
    public List<RelayChunk> Missed { get; } = [];
}

/// <summary>A chunk that somebody waits for.</summary>
internal sealed class RelayChunk(int number, int bytes)
{
    public int Number { get; } = number;

    public int Bytes { get; } = bytes;

    /// <summary>Who wants it and is not being served.</summary>
    public List<RelayMember> Waiting { get; } = [];

    /// <summary>Whose turn it is to send it; null: nobody's yet.</summary>
    public RelayMember? Holder { get; set; }

    /// <summary>How many of those to whom it goes have not got it yet.</summary>
    public int Pending { get; set; }

    /// <summary>Who has got it, though it may not have said so yet.</summary>
    public HashSet<RelayMember> Served { get; } = [];

    public bool IsHere { get; set; }

    /// <summary>Whether it is on its way here, or here and nobody has got it yet.</summary>
    public bool IsFresh { get; set; }
}
