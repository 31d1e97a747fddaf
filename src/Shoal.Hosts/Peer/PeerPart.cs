namespace Shoal.Hosts.Peer;

/// <summary>What a peer is in its swarm for.</summary>
public enum PeerPart
{
    /// <summary>It shares what it has and receives everything, until everybody has everything.</summary>
    Member,

    /// <summary>It gives what it has and keeps nothing of the others, until it is stopped.</summary>
    Source,

    /// <summary>It receives what the swarm is for, gives of that meanwhile, and leaves when it has all of it.</summary>
    Fetcher,
}
