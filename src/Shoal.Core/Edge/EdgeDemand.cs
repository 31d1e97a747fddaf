using System.Collections.Immutable;
using Shoal.Core.Randomness;

namespace Shoal.Core.Edge;

/// <summary>
/// What the clients want, in the order in which they want it. A request is a place in a list; requests count through,
/// from 0: first all of client 0 in its order, then client 1. Files count from 0 too, only those that somebody wants
/// or that matter otherwise.
/// </summary>
public sealed class EdgeDemand
{
    /// <summary>The most requests of all lists together.</summary>
    public const int MostRequests = 1_000_000;

    /// <summary>The largest file, in kb.</summary>
    public const int MostKb = 1_000_000_000;

    /// <summary>What all clients want together at most, in kb.</summary>
    public const long MostWantedKb = 2_000_000_000;

    private readonly int[] _starts;
    private readonly int[] _fileOf;
    private readonly int[] _clientOf;
    private readonly int[] _numbers;
    private readonly int[] _sizes;
    private readonly int[] _wantStarts;
    private readonly int[] _wants;

    private EdgeDemand(int[] starts, int[] fileOf, int[] numbers, int[] sizes)
    {
        _starts = starts;
        _fileOf = fileOf;
        _numbers = numbers;
        _sizes = sizes;
        _clientOf = new int[fileOf.Length];
        for (int client = 0; client < Clients; client++)
        {
            Array.Fill(_clientOf, client, starts[client], starts[client + 1] - starts[client]);
        }

        (_wantStarts, _wants) = IndexWants(fileOf, numbers.Length);
        DistinctKb = sizes.Where((_, file) => WantsOf(file).Length > 0).Sum(size => (long)size);
    }

    /// <summary>How many clients there are.</summary>
    public int Clients => _starts.Length - 1;

    /// <summary>How many files somebody wants.</summary>
    public int Files => _numbers.Length;

    /// <summary>How many requests there are.</summary>
    public int Requests => _fileOf.Length;

    /// <summary>The kb of all files that somebody wants, each once.</summary>
    public long DistinctKb { get; }

    /// <summary>The number that every file has in the lists.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    /// <summary>The size of every file in kb.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The file of every request.</summary>
    public ReadOnlySpan<int> FileOf => _fileOf;

    /// <summary>The client of every request.</summary>
    public ReadOnlySpan<int> ClientOf => _clientOf;

    /// <summary>The first request of a client; for the number of clients, the number of requests.</summary>
    /// <param name="client">The client.</param>
    public int StartOf(int client) => _starts[client];

    /// <summary>The requests for a file, by client.</summary>
    /// <param name="file">The file.</param>
    public ReadOnlySpan<int> WantsOf(int file) =>
        _wants.AsSpan(_wantStarts[file], _wantStarts[file + 1] - _wantStarts[file]);

    /// <summary>The kb that a client wants.</summary>
    /// <param name="client">The client.</param>
    public long KbOf(int client)
    {
        long sum = 0;
        foreach (int file in FileOf[StartOf(client)..StartOf(client + 1)])
        {
            sum += _sizes[file];
        }

        return sum;
    }

    /// <summary>The demand of lists of file numbers, where file n has n kb.</summary>
    /// <param name="lists">A list a client; numbers from 1 to <see cref="MostKb"/>, none twice in a list.</param>
    /// <exception cref="ArgumentException">A list breaks these rules, or there is too much in all.</exception>
    public static EdgeDemand Of(ImmutableArray<ImmutableArray<int>> lists)
    {
        int[] starts = new int[lists.Length + 1];
        var fileOf = new List<int>();
        var known = new Dictionary<int, int>();
        var numbers = new List<int>();
        for (int client = 0; client < lists.Length; client++)
        {
            var own = new HashSet<int>();
            foreach (int number in lists[client])
            {
                if (number is < 1 or > MostKb || !own.Add(number))
                {
                    throw new ArgumentException(
                        $"List {client + 1} names file {number}, which is no file or is named twice.", nameof(lists));
                }

                if (known.TryAdd(number, numbers.Count))
                {
                    numbers.Add(number);
                }

                fileOf.Add(known[number]);
            }

            starts[client + 1] = fileOf.Count;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(fileOf.Count, MostRequests, nameof(lists));
        long wantedKb = fileOf.Sum(file => (long)numbers[file]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wantedKb, MostWantedKb, nameof(lists));
        return new EdgeDemand(starts, [.. fileOf], [.. numbers], [.. numbers]);
    }

    /// <summary>The demand of lists of files that have sizes of their own.</summary>
    /// <param name="lists">A list a client, of places in <paramref name="sizes"/>, none twice in a list.</param>
    /// <param name="sizes">
    /// The size of every file in kb, from 1 to <see cref="MostKb"/>; a file that nobody wants counts too.
    /// </param>
    /// <exception cref="ArgumentException">There is too much in all.</exception>
    public static EdgeDemand Of(ImmutableArray<ImmutableArray<int>> lists, ImmutableArray<int> sizes)
    {
        int[] starts = new int[lists.Length + 1];
        var fileOf = new List<int>();
        for (int client = 0; client < lists.Length; client++)
        {
            fileOf.AddRange(lists[client]);
            starts[client + 1] = fileOf.Count;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(fileOf.Count, MostRequests, nameof(lists));
        long wantedKb = fileOf.Sum(file => (long)sizes[file]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wantedKb, MostWantedKb, nameof(lists));
        return new EdgeDemand(starts, [.. fileOf], [.. Enumerable.Range(1, sizes.Length)], [.. sizes]);
    }

    /// <summary>
    /// The lists of a random seed: SplitMix64, a partial shuffle (Fisher and Yates) of 1..files for each client in
    /// turn, of which the first entries are its list.
    /// </summary>
    /// <param name="randomSeed">The random seed.</param>
    /// <param name="files">How many files the catalogue has.</param>
    /// <param name="clients">How many lists.</param>
    /// <param name="perClient">How long each is; at most <paramref name="files"/>.</param>
    public static ImmutableArray<ImmutableArray<int>> Draw(ulong randomSeed, int files, int clients, int perClient)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perClient, files);
        var random = new DeterministicRandom(randomSeed);
        var lists = ImmutableArray.CreateBuilder<ImmutableArray<int>>(clients);
        for (int client = 0; client < clients; client++)
        {
            int[] all = [.. Enumerable.Range(1, files)];
            for (int i = 0; i < perClient; i++)
            {
                int other = i + (int)(random.Next() % (ulong)(files - i));
                (all[i], all[other]) = (all[other], all[i]);
            }

            lists.Add([.. all[..perClient]]);
        }

        return lists.MoveToImmutable();
    }

    /// <summary>The same wants, every client's list in another order.</summary>
    /// <param name="order">All requests, client by client, in the order wanted.</param>
    public EdgeDemand Reordered(ReadOnlySpan<int> order)
    {
        int[] fileOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            fileOf[i] = _fileOf[order[i]];
        }

        return new EdgeDemand(_starts, fileOf, _numbers, _sizes);
    }

    private static (int[] Starts, int[] Wants) IndexWants(int[] fileOf, int files)
    {
        int[] starts = new int[files + 1];
        foreach (int file in fileOf)
        {
            starts[file + 1]++;
        }

        for (int file = 0; file < files; file++)
        {
            starts[file + 1] += starts[file];
        }

        int[] at = [.. starts];
        int[] wants = new int[fileOf.Length];
        for (int request = 0; request < fileOf.Length; request++)
        {
            wants[at[fileOf[request]]++] = request;
        }

        return (starts, wants);
    }
}
