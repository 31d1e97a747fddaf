using Shoal.Net.Frames;

namespace Shoal.Hosts.Peer;

/// <summary>How fast a peer uploads at most.</summary>
internal static class PeerPace
{
    private const double PacedPart = 0.995;

    /// <summary>The pace of a peer, for all of its connections together; null: as fast as they take it.</summary>
    public static RateLimit? Of(PeerOptions options, TimeProvider time) =>
        options.Pace ?? (RateOf(options) is { } rate ? new RateLimit(rate, time) : null);

    /// <summary>
    /// A slow uplink beside a fast downlink is kept just below what it can take: then it has no queue, and haves,
    /// requests and acknowledgements, which go the same way as chunks, do not keep the downlink waiting. Where both
    /// are alike, a queue costs less than it would to avoid it.
    /// </summary>
    private static double? RateOf(PeerOptions options)
    {
        bool isAsymmetric = options.Capacity.Up * 2 <= options.Capacity.Down;
        double declared = isAsymmetric ? options.Capacity.Up!.Value * PacedPart : double.PositiveInfinity;
        double pace = Math.Min(declared, options.UpLimit ?? double.PositiveInfinity);
        return double.IsInfinity(pace) ? null : pace;
    }
}
