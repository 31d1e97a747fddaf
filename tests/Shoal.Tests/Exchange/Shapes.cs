using System.Collections.Immutable;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>Swarms to compute bounds and plans for.</summary>
internal static class Shapes
{
    public const double MB = 1e6;
    public const double Mbit = 1e6 / 8;

    public static SwarmShape AllToAll(IReadOnlyList<double> megabytes, double up, double down) => new()
    {
        Peers = [.. megabytes.Select(_ => new PeerLink(up * Mbit, down * Mbit))],
        Holdings = [.. megabytes.Select((size, i) => new HeldBytes([i], size * MB))],
    };

    public static SwarmShape Equal(int peers, double megabytes, double up = 100, double down = 100) =>
        AllToAll([.. Enumerable.Repeat(megabytes, peers)], up, down);

    public static SwarmShape OneSource(int receivers, double megabytes, double up, double down) =>
        AllToAll([megabytes, .. new double[receivers]], up, down);

    public static SwarmShape WithUp(this SwarmShape shape, double up, params int[] peers)
    {
        ImmutableArray<PeerLink>.Builder links = shape.Peers.ToBuilder();
        foreach (int peer in peers)
        {
            links[peer] = links[peer] with { Up = up * Mbit };
        }

        return shape with { Peers = links.ToImmutable() };
    }

    public static SwarmShape HalfDuplex(this SwarmShape shape, params int[] peers)
    {
        ImmutableArray<PeerLink>.Builder links = shape.Peers.ToBuilder();
        for (int i = 0; i < links.Count; i++)
        {
            links[i] = links[i] with { IsHalfDuplex = peers.Length == 0 || peers.Contains(i) };
        }

        return shape with { Peers = links.ToImmutable() };
    }
}
