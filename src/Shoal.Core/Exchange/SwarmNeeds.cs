using System.Collections.Immutable;
using System.Numerics;

namespace Shoal.Core.Exchange;

/// <summary>Bytes with the same first holders.</summary>
/// <param name="Mask">A bit for each holder's index.</param>
/// <param name="Holders">The holders' indices, ascending.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Lacking">How many peers lack them; at least 1.</param>
internal sealed record HolderSet(BigInteger Mask, ImmutableArray<int> Holders, double Bytes, int Lacking);

/// <summary>What has to move in a swarm, counted once for all terms of a bound.</summary>
internal sealed class SwarmNeeds
{
    private const double Rounding = 1e-12;

    /// <exception cref="ArgumentException">
    /// The shape names a peer or a site that it does not have.
    /// </exception>
    public SwarmNeeds(SwarmShape shape)
    {
        Check(shape);
        Shape = shape;
        Sets = Merge(shape);
        Missing = new double[shape.Peers.Length];
        Bytes = Sets.Sum(set => set.Bytes);
        Array.Fill(Missing, Bytes);
        foreach (HolderSet set in Sets)
        {
            foreach (int holder in set.Holders)
            {
                Missing[holder] -= set.Bytes;
            }
        }

        for (int i = 0; i < Missing.Length; i++)
        {
            Missing[i] = Missing[i] > Bytes * Rounding ? Missing[i] : 0;
            HalfDuplexMissing += shape.Peers[i].IsHalfDuplex ? Missing[i] : 0;
        }
    }

    public SwarmShape Shape { get; }

    public int Count => Shape.Peers.Length;

    /// <summary>The bytes that somebody holds and somebody lacks, by holders.</summary>
    public ImmutableArray<HolderSet> Sets { get; }

    /// <summary>Bytes that somebody holds and somebody lacks, each counted once.</summary>
    public double Bytes { get; }

    /// <summary>Bytes that each peer lacks.</summary>
    public double[] Missing { get; }

    /// <summary>
    /// Bytes that half-duplex peers lack: they take from the capacity that uploads could use.
    /// </summary>
    public double HalfDuplexMissing { get; }

    /// <summary>Copies that have to be delivered, in bytes.</summary>
    public double Copies => Sets.Sum(set => set.Bytes * set.Lacking);

    /// <summary>The time that bytes take on a capacity.</summary>
    public static double Seconds(double bytes, double capacity) => bytes <= 0 ? 0 : bytes / capacity;

    private static ImmutableArray<HolderSet> Merge(SwarmShape shape)
    {
        var bytes = new Dictionary<BigInteger, (ImmutableArray<int> Holders, double Bytes)>();
        var order = new List<BigInteger>();
        var bits = new byte[(shape.Peers.Length / 8) + 1];
        foreach (HeldBytes held in shape.Holdings)
        {
            // Nobody can get what nobody holds, and nothing moves that nobody lacks.
            if (held.Bytes <= 0 || held.Holders.IsEmpty || held.Holders.Length >= shape.Peers.Length)
            {
                continue;
            }

            Array.Clear(bits);
            foreach (int holder in held.Holders)
            {
                bits[holder >> 3] |= (byte)(1 << (holder & 7));
            }

            var mask = new BigInteger(bits, isUnsigned: true);
            if (!bytes.TryGetValue(mask, out var known))
            {
                order.Add(mask);
            }

            bytes[mask] = (held.Holders, known.Bytes + held.Bytes);
        }

        return [.. order.Select(mask => new HolderSet(
            mask, bytes[mask].Holders, bytes[mask].Bytes, shape.Peers.Length - bytes[mask].Holders.Length))];
    }

    private static void Check(SwarmShape shape)
    {
        foreach (HeldBytes held in shape.Holdings)
        {
            for (int i = 0; i < held.Holders.Length; i++)
            {
                int least = i == 0 ? 0 : held.Holders[i - 1] + 1;
                if (held.Holders[i] < least || held.Holders[i] >= shape.Peers.Length)
                {
                    throw new ArgumentException("Holders are ascending indices of peers.", nameof(shape));
                }
            }
        }

        if (shape.Peers.Any(p => p.Site >= shape.Sites.Length) || shape.Hub?.Site >= shape.Sites.Length)
        {
            throw new ArgumentException("A peer or the hub is in a site that is not there.", nameof(shape));
        }

        if (shape.IsRelayOnly && shape.Hub is null)
        {
            throw new ArgumentException("A relay needs the hub's link.", nameof(shape));
        }
    }
}
