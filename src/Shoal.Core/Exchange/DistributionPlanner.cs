using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What the planner is told of one peer.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Up">Its upload capacity in bytes per second; null: not known.</param>
/// <param name="SoleBytes">Bytes that only it has.</param>
/// <param name="CommittedBytes">Uploads that wait for it already, in bytes.</param>
public readonly record struct PlanInput(PeerId Peer, double? Up, double SoleBytes, double CommittedBytes);

/// <summary>Computes distribution shares from capacities and what is where.</summary>
public static class DistributionPlanner
{
    /// <summary>Plans the next epoch.</summary>
    /// <param name="epoch">The plan's epoch.</param>
    /// <param name="peers">The peers, in the order of joining.</param>
    /// <param name="chunkSize">The typical chunk size in bytes.</param>
    public static DistributionPlan Compute(int epoch, IReadOnlyList<PlanInput> peers, int chunkSize) =>
        new(epoch, 0, [.. peers.Select(peer => new PlanShare(peer.Peer, peer.SoleBytes, peer.SoleBytes))]);
}
