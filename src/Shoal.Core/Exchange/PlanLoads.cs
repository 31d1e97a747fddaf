using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What the peers of a swarm can upload and have to, with every capacity filled in.</summary>
internal sealed class PlanLoads
{
    /// <summary>
    /// Without limit means so many times the fastest of the others: enough to do all the work.
    /// </summary>
    private const double Unlimited = 1000;

    private const int Steps = 100;

    /// <param name="peers">The peers.</param>
    /// <param name="likeness">
    /// A measured capacity counts as the median if neither is more than so many times the other.
    /// </param>
    public PlanLoads(IReadOnlyList<PlanInput> peers, double likeness = 1)
    {
        Up = CapacitiesOf(peers, likeness, out bool areAllUnknown);
        AreAllUnknown = areAllUnknown;
        HasHub = peers.Count > 0 && peers[^1].Peer == PeerId.Relay;
        Sole = new double[peers.Count];
        Waiting = new double[peers.Count];
        for (int i = 0; i < peers.Count; i++)
        {
            Sole[i] = Math.Max(0, peers[i].SoleBytes);
            Waiting[i] = Sole[i] + Math.Max(0, peers[i].CommittedBytes);
            Bytes += Sole[i];
        }

        if (Bytes == 0)
        {
            // All is on its way already. Shares still say who serves what several peers hold: by capacity
            // alone.
            Bytes = 1;
            Array.Clear(Waiting);
        }

        for (int i = 0; i < peers.Count; i++)
        {
            OwnSeconds = Math.Max(OwnSeconds, Waiting[i] / Up[i]);
        }
    }

    public int Count => Up.Length;

    /// <summary>Whether the last of them is a hub that lends its uplink.</summary>
    public bool HasHub { get; }

    /// <summary>To how many others a distributor hands on what it got from an owner.</summary>
    public int Receivers => Count - (HasHub ? 3 : 2);

    /// <summary>Upload capacities, bytes per second; 1 each if none is known.</summary>
    public double[] Up { get; }

    public bool AreAllUnknown { get; }

    /// <summary>Bytes that only this peer holds.</summary>
    public double[] Sole { get; }

    /// <summary>
    /// Bytes that a peer must upload whatever the plan says: its sole ones, and what is committed.
    /// </summary>
    public double[] Waiting { get; }

    /// <summary>Bytes to distribute.</summary>
    public double Bytes { get; }

    /// <summary>The time in which every peer can upload what it must.</summary>
    public double OwnSeconds { get; }

    /// <summary>What a peer can upload in a time beyond what it must.</summary>
    public double Spare(int peer, double seconds) => Math.Max(0, (Up[peer] * seconds) - Waiting[peer]);

    /// <summary>
    /// The least time for which a sum that grows with the time reaches a total, by bisection; from below and
    /// above.
    /// </summary>
    public static (double Short, double Enough) Level(double total, Func<double, double> sum)
    {
        double high = 1;
        for (int i = 0; sum(high) < total; i++, high *= 2)
        {
            if (i > 1000)
            {
                return (double.PositiveInfinity, double.PositiveInfinity);
            }
        }

        double low = 0;
        for (int i = 0; i < Steps; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = sum(middle) < total ? (middle, high) : (low, middle);
        }

        return (low, high);
    }

    private static double[] CapacitiesOf(
        IReadOnlyList<PlanInput> peers, double likeness, out bool areAllUnknown)
    {
        double[] known = [.. peers.Where(IsKnown).Select(peer => peer.Up!.Value).Order()];
        areAllUnknown = known.Length == 0;
        double median = areAllUnknown ? 1 : (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
        double fastest = known.Where(double.IsFinite).DefaultIfEmpty(1).Max();
        double most = fastest * Unlimited;
        return [.. peers.Select(peer => Math.Min(CapacityOf(peer), most))];

        double CapacityOf(PlanInput peer) =>
            IsKnown(peer) && !(peer.IsMeasured && IsLike(peer.Up!.Value, median)) ? peer.Up!.Value : median;

        bool IsLike(double a, double b) => a <= b * likeness && b <= a * likeness;
    }

    private static bool IsKnown(PlanInput peer) => peer.Up > 0;
}
