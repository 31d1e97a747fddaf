namespace Shoal.Bench.Relayed;

/// <summary>What a relayed swarm has to do.</summary>
/// <param name="Peers">How many peers.</param>
/// <param name="Owners">How many of them have a file.</param>
/// <param name="BytesPerOwner">Its length.</param>
/// <param name="SlowDown">The downlink of the last peer, bytes per second; null: like the others.</param>
internal sealed record RelayedShape(int Peers, int Owners, long BytesPerOwner, double? SlowDown);
