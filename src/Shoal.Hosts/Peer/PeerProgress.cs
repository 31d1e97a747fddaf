using System.Collections.Immutable;

namespace Shoal.Hosts.Peer;

/// <summary>
/// How far a join is at a moment; told about four times a second, and counted from the start of the run.
/// </summary>
public sealed record PeerProgress
{
    /// <summary>No more contents than this need to be named in one snapshot: no screen shows more.</summary>
    public const int MostActive = 8;

    /// <summary>What it is doing.</summary>
    public required PeerPhase Phase { get; init; }

    /// <summary>Bytes that must be done in this phase: to hash, or of all wanted contents.</summary>
    public long TotalBytes { get; init; }

    /// <summary>How many of them are done.</summary>
    public long DoneBytes { get; init; }

    /// <summary>How many contents (while hashing: files) there are.</summary>
    public int TotalContents { get; init; }

    /// <summary>How many of them are complete here.</summary>
    public int DoneContents { get; init; }

    /// <summary>Some of the contents that are on their way: those that were touched last, first.</summary>
    public ImmutableArray<ContentProgress> Active { get; init; } = [];

    /// <summary>Payload sent to other peers since the start.</summary>
    public long BytesSent { get; init; }

    /// <summary>Payload received from other peers since the start.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of all contents, times members present.</summary>
    public long AllTotalBytes { get; init; }

    /// <summary>How many of them the members present have.</summary>
    public long AllDoneBytes { get; init; }

    /// <summary>How many members are present.</summary>
    public int Members { get; init; }

    /// <summary>How many members present have everything.</summary>
    public int CompleteMembers { get; init; }

    /// <summary>How many members the start waits for; 0: not known or none.</summary>
    public int ExpectedMembers { get; init; }
}

/// <summary>How far one content is.</summary>
/// <param name="Name">A name of it, below the folder.</param>
/// <param name="TotalBytes">Its length.</param>
/// <param name="DoneBytes">How much of it is verified here.</param>
public readonly record struct ContentProgress(string Name, long TotalBytes, long DoneBytes);

/// <summary>What a join is doing.</summary>
public enum PeerPhase
{
    /// <summary>Reading and hashing the folder.</summary>
    Hashing,

    /// <summary>Connecting to the hub.</summary>
    Connecting,

    /// <summary>Waiting at the start barrier, or for a second member.</summary>
    Waiting,

    /// <summary>Receiving and serving.</summary>
    Exchanging,

    /// <summary>Everything is here; serving the others.</summary>
    Serving,

    /// <summary>Waiting for members that vanished: for what they have, or for them to get it all.</summary>
    Patience,

    /// <summary>Looking for the origin of a tier.</summary>
    Searching,

    /// <summary>Waiting until the origin begins.</summary>
    Ordered,

    /// <summary>Receiving what was asked for; what others lack is not its business.</summary>
    Fetching,

    /// <summary>Finding out whether a file that has the name already is what was asked for.</summary>
    Comparing,
}
