using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// The least makespan of a star, by counting whole chunks: each link must carry what its peer lacks, what only that
/// peer can bring first, and its part of all the other uploads. Exact, in whole nanoseconds.
/// </summary>
/// <remarks>
/// With n_i chunks of peer i, n in all, D_i lacking, a_i for what one delivery takes of its link (request, chunk,
/// finished) and b_i for one upload (forwarded request, chunk). Strict: the smallest T with T >= D_i a_i + n_i b_i for
/// all i and the sum of floor((T - D_i a_i) / b_i) at least the number of deliveries. Fan-out: the largest
/// D_i a_i + n_i b_i.
/// </remarks>
public sealed class StarBound
{
    private readonly ImmutableArray<LinkCost> _links;
    private readonly FinishedCost _finished;
    private readonly ImmutableArray<long> _lacking;
    private readonly ImmutableArray<long> _sole;
    private readonly StarMode _mode;

    private StarBound(
        ImmutableArray<LinkCost> links, StarMode mode, FinishedCost finished, ImmutableArray<long> lacking,
        ImmutableArray<long> sole)
    {
        _links = links;
        _mode = mode;
        _finished = finished;
        _lacking = lacking;
        _sole = sole;
        Makespan = mode == StarMode.Strict ? SmallestStrict() : Floor();
    }

    /// <summary>No run can end earlier.</summary>
    public VirtualTime Makespan { get; }

    /// <summary>The bound of a fresh star, where every peer holds its own chunks and no others.</summary>
    /// <param name="shape">The star.</param>
    /// <exception cref="OverflowException">The makespan would not fit into the clock.</exception>
    public static StarBound Of(StarShape shape) => Of(
        shape.Costs.Links, shape.Mode, shape.Finished,
        [.. shape.Chunks.Select(own => shape.Chunks.Length < 2 ? 0 : shape.TotalChunks - own)],
        [.. shape.Chunks.Select(own => shape.Chunks.Length < 2 ? 0L : own)]);

    /// <summary>The bound of a star in any state.</summary>
    /// <param name="links">What each link takes.</param>
    /// <param name="mode">For how many deliveries an upload is good.</param>
    /// <param name="finished">Whether the last message costs.</param>
    /// <param name="lacking">How many chunks each peer has yet to get.</param>
    /// <param name="sole">How many chunks that somebody lacks only that peer has.</param>
    /// <exception cref="OverflowException">The makespan would not fit into the clock.</exception>
    public static StarBound Of(
        ImmutableArray<LinkCost> links, StarMode mode, FinishedCost finished, ImmutableArray<long> lacking,
        ImmutableArray<long> sole) => new(links, mode, finished, lacking, sole);

    /// <summary>The bound of a star by what each peer has at its start.</summary>
    /// <param name="setup">The star; each peer's holdings are given.</param>
    /// <param name="chunks">How many chunks there are.</param>
    /// <exception cref="OverflowException">The makespan would not fit into the clock.</exception>
    internal static StarBound Of(StarSetup setup, int chunks)
    {
        int peers = setup.Holdings.Length;
        var lacking = new long[peers];
        var sole = new long[peers];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int holders = 0;
            int last = -1;
            for (int peer = 0; peer < peers; peer++)
            {
                holders += setup.Holdings[peer][chunk] ? 1 : 0;
                last = setup.Holdings[peer][chunk] ? peer : last;
            }

            for (int peer = 0; peer < peers && holders > 0; peer++)
            {
                lacking[peer] += setup.Holdings[peer][chunk] ? 0 : 1;
            }

            if (holders == 1 && peers > 1)
            {
                sole[last]++;
            }
        }

        return Of(setup.Costs.Links, setup.Mode, setup.Finished, [.. lacking], [.. sole]);
    }

    /// <summary>What one delivery takes of its receiver's link.</summary>
    /// <param name="cost">The link.</param>
    /// <param name="finished">Whether the last message costs.</param>
    public static long DeliveryCost(LinkCost cost, FinishedCost finished) =>
        cost.Chunk.Nanoseconds + (cost.Message.Nanoseconds * (finished == FinishedCost.Charged ? 2 : 1));

    /// <summary>What one upload takes of its holder's link.</summary>
    /// <param name="cost">The link.</param>
    public static long UploadCost(LinkCost cost) => cost.Chunk.Nanoseconds + cost.Message.Nanoseconds;

    /// <summary>
    /// How many uploads each peer has time for if the run is to end at the bound; never less than it alone can bring,
    /// and in all exactly as many as there are deliveries.
    /// </summary>
    public ImmutableArray<long> Quotas()
    {
        var quotas = new long[_links.Length];
        long surplus = -_lacking.Sum();
        for (int i = 0; i < quotas.Length; i++)
        {
            quotas[i] = UploadsBy(i, SmallestStrict().Nanoseconds);
            surplus += quotas[i];
        }

        // One nanosecond less would be too few, so there is little to give back; who can give back, does in turn.
        for (int i = quotas.Length - 1; surplus > 0; i = i == 0 ? quotas.Length - 1 : i - 1)
        {
            long given = Math.Min(quotas[i] - _sole[i], Math.Max(1, surplus / quotas.Length));
            quotas[i] -= given;
            surplus -= given;
        }

        return [.. quotas];
    }

    private VirtualTime Floor()
    {
        long most = 0;
        for (int i = 0; i < _links.Length; i++)
        {
            most = Math.Max(most, checked(Receiving(i) + (_sole[i] * UploadCost(_links[i]))));
        }

        return new VirtualTime(most);
    }

    private VirtualTime SmallestStrict()
    {
        long low = Floor().Nanoseconds;
        long high = checked(low + (_lacking.Sum() * _links.Max(UploadCost)));
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (SuffersFor(middle))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return new VirtualTime(low);
    }

    /// <summary>Whether there are more deliveries than uploads in so much time.</summary>
    private bool SuffersFor(long time)
    {
        Int128 uploads = 0;
        for (int i = 0; i < _links.Length; i++)
        {
            uploads += UploadsBy(i, time);
        }

        return uploads < _lacking.Sum();
    }

    private long UploadsBy(int peer, long time) => (time - Receiving(peer)) / UploadCost(_links[peer]);

    private long Receiving(int peer) => checked(_lacking[peer] * DeliveryCost(_links[peer], _finished));
}
