using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Hosts.Peer;

/// <summary>How a peer's run ended.</summary>
/// <param name="Name">The name that it had in the swarm.</param>
/// <param name="Outcome">What the machine made of it.</param>
/// <param name="Files">The files that came.</param>
/// <param name="Md5">MD5 of every file, if that was asked for.</param>
public sealed record PeerResult(
    string Name, SwarmOutcome Outcome, ImmutableArray<ReceivedFile> Files, ImmutableArray<Md5Digest> Md5)
{
    /// <summary>What the run took by the system clock; null by default: the hub kept none, or it did not end.</summary>
    public ClockReading? Clock { get; init; }
}

/// <summary>MD5 of a whole file, for tools that ask for it.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="Hex">The digest, in lower case.</param>
public readonly record struct Md5Digest(EntryName Name, string Hex);

/// <summary>A file that came in this run.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Time">From the opening of the start barrier to its last verified chunk.</param>
/// <param name="Sources">How many of its bytes came from whom; the names for people.</param>
public sealed record ReceivedFile(
    EntryName Name, long Bytes, TimeSpan Time, ImmutableArray<KeyValuePair<string, long>> Sources)
{
    /// <summary>When all of it was here by the system clock; null by default: there was none.</summary>
    public VirtualTime? Clock { get; init; }
}
