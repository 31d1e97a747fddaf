using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What a plan needs to know of a peer.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Up">Its upload capacity in bytes per second; null, zero or less: not known.</param>
/// <param name="SoleBytes">Bytes that it holds and nobody else yet.</param>
/// <param name="CommittedBytes">
/// Upload work that already waits on it: chunks to hand on that left their owners.
/// </param>
/// <param name="IsMeasured">Whether <paramref name="Up"/> was measured: it is only roughly known.</param>
/// <param name="Unreachable">Whom it has no connection with and cannot get one; default: nobody.</param>
public readonly record struct PlanInput(
    PeerId Peer, double? Up, double SoleBytes, double CommittedBytes, bool IsMeasured = false,
    ImmutableArray<PeerId> Unreachable = default);
