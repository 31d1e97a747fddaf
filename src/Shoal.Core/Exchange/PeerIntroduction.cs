using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// The first thing that two peers say to each other: who dials speaks first, the other answers with the same.
/// A peer that has moved, or an address that now is somebody else's, shows here.
/// </summary>
/// <param name="Swarm">The swarm that the connection is for.</param>
/// <param name="From">Who speaks.</param>
/// <param name="To">Who is spoken to.</param>
public sealed record PeerIntroduction(string Swarm, PeerId From, PeerId To);
