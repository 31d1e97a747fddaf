using System.Collections.Immutable;

namespace Shoal.Core.Exchange;

/// <summary>
/// Deals the bytes of owners to distributors where not everybody can reach everybody. Distributor s hands on what it
/// deals in T if that is at most (u_s T - F_s) / (N-2), as in a plan without walls; which of them may deal an owner's
/// bytes is limited now, so the least T is that of a transportation problem with forbidden cells. Each T is tried by a
/// largest flow.
/// </summary>
internal sealed class PlanMatrix
{
    /// <summary>The time is found to about a millionth.</summary>
    private const int Steps = 24;

    /// <summary>Shares are dealt in so many layers, so that no distributor is full while another is empty.</summary>
    private const int Layers = 8;

    /// <summary>What third peers bring depends on the shares, and they on it: so often both are found anew.</summary>
    private const int Rounds = 10;

    /// <summary>Each round of a large swarm takes a moment.</summary>
    private const int RoundsWhenLarge = 3;

    private const int Large = 24;

    private readonly PlanLoads _loads;
    private readonly PlanReach _reach;
    private readonly double[] _extra;

    private PlanMatrix(PlanLoads loads, PlanReach reach, bool[,] isAllowed, double[] extra)
    {
        _loads = loads;
        _reach = reach;
        _extra = extra;
        Bytes = Deal(isAllowed);
        Load = LoadOf();
        Seconds = Enumerable.Range(0, Load.Length).Max(peer => Load[peer] / loads.Up[peer]);
    }

    /// <summary>Bytes by owner and distributor.</summary>
    public double[][] Bytes { get; }

    /// <summary>What each peer uploads, with what it brings as a third peer.</summary>
    public double[] Load { get; }

    /// <summary>The time in which all is uploaded.</summary>
    public double Seconds { get; }

    public ImmutableArray<PlanRow> Rows =>
    [
        .. Enumerable.Range(0, Bytes.Length).Where(owner => Bytes[owner].Any(bytes => bytes > 0))
            .Select(owner => new PlanRow(owner, [.. Bytes[owner]])),
    ];

    public double[] Shares =>
        [.. Enumerable.Range(0, Bytes.Length).Select(distributor => Bytes.Sum(row => row[distributor]))];

    /// <summary>
    /// The better of two matrices: one in which distributors reach all receivers, and one in which third peers bring
    /// the others what the distributor cannot.
    /// </summary>
    public static PlanMatrix Best(PlanLoads loads, PlanReach reach)
    {
        PlanMatrix best = Balanced(loads, reach, Cells(reach.Covers));
        PlanMatrix bridged = Balanced(loads, reach, Cells(reach.Serves));
        return bridged.Seconds < best.Seconds * (1 - 1e-6) ? bridged : best;

        bool[,] Cells(Func<int, int, bool> mayDeal)
        {
            var isAllowed = new bool[loads.Count, loads.Count];
            for (int owner = 0; owner < loads.Count; owner++)
            {
                bool hasAny = false;
                for (int distributor = 0; distributor < loads.Count; distributor++)
                {
                    // While no capacity is known, owners send each byte once, and what all can upload shows.
                    isAllowed[owner, distributor] =
                        (owner != distributor || !loads.AreAllUnknown) && mayDeal(owner, distributor);
                    hasAny |= isAllowed[owner, distributor];
                }

                isAllowed[owner, owner] |= !hasAny;
            }

            return isAllowed;
        }
    }

    private static PlanMatrix Balanced(PlanLoads loads, PlanReach reach, bool[,] isAllowed)
    {
        var best = new PlanMatrix(loads, reach, isAllowed, new double[loads.Count]);
        PlanMatrix last = best;
        for (int i = loads.Count > Large ? RoundsWhenLarge : Rounds; i > 0; i--)
        {
            double[] dealt = last.Shares;
            double[] extra =
            [
                .. last.Load.Select((load, peer) => load - loads.Waiting[peer] - (loads.Receivers * dealt[peer])),
            ];
            if (Array.TrueForAll(extra, bytes => Math.Abs(bytes) < loads.Bytes * 1e-9))
            {
                break;
            }

            last = new PlanMatrix(loads, reach, isAllowed, extra);
            best = last.Seconds < best.Seconds ? last : best;
        }

        return best;
    }

    private double[][] Deal(bool[,] isAllowed)
    {
        double high = Math.Max(_loads.OwnSeconds, _loads.Bytes / _loads.Up.Max());
        double low = 0;
        while (!Fits(high))
        {
            low = high;
            high *= 2;
        }

        for (int i = 0; i < Steps; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Fits(middle) ? (low, middle) : (middle, high);
        }

        var flow = new PlanFlow(_loads.Sole, isAllowed);
        for (int layer = 1; layer <= Layers; layer++)
        {
            flow.Augment(Room(high * layer / Layers));
        }

        return flow.Amounts;

        bool Fits(double seconds)
        {
            var trial = new PlanFlow(_loads.Sole, isAllowed);
            trial.Augment(Room(seconds));
            return trial.IsComplete;
        }
    }

    private double[] Room(double seconds) =>
    [
        .. Enumerable.Range(0, _loads.Count).Select(peer => Math.Max(
            0, (_loads.Up[peer] * seconds) - _loads.Waiting[peer] - _extra[peer]) / _loads.Receivers),
    ];

    private double[] LoadOf()
    {
        double[] load = [.. _loads.Waiting];
        for (int owner = 0; owner < Bytes.Length; owner++)
        {
            for (int distributor = 0; distributor < Bytes.Length; distributor++)
            {
                if (Bytes[owner][distributor] > 0)
                {
                    AddLoads(load, owner, distributor, Bytes[owner][distributor]);
                }
            }
        }

        return load;
    }

    private void AddLoads(double[] load, int owner, int distributor, double bytes)
    {
        // An owner that deals its own bytes has sent one copy of each anyway.
        load[distributor] += bytes * _loads.Receivers;
        for (int receiver = 0; receiver < _loads.Count; receiver++)
        {
            if (receiver == owner || receiver == distributor || _reach.Reaches(distributor, receiver))
            {
                continue;
            }

            load[distributor] -= bytes;
            int bridges = _reach.BridgesOf(owner, distributor, receiver);
            for (int peer = 0; bridges > 0 && peer < _loads.Count; peer++)
            {
                load[peer] += _reach.IsBridge(peer, owner, distributor, receiver) ? bytes / bridges : 0;
            }

            // Without a third peer the owner sends it once more, to the receiver or to the hub.
            load[owner] += bridges == 0 ? bytes : 0;
        }
    }
}
