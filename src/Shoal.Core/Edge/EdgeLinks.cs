using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>
/// The connections of an edge tier in virtual time: when each transfer ends, if files in flight on one connection
/// share it equally and connections do not disturb each other.
/// </summary>
public sealed class EdgeLinks
{
    private readonly EdgeDemand _demand;
    private readonly int _clients;
    private readonly int _edges;
    private readonly SharedLine[] _lines;
    // When the next transfer of every line ends, and a tree of lines by that: every inner place has the earlier one of
    // its two.
    private readonly long[] _nextEnds;
    private readonly int[] _earliest;
    private readonly int _leaves;

    /// <summary>Makes idle connections at time 0.</summary>
    /// <param name="shape">How fast they are.</param>
    /// <param name="demand">The files, and how many clients there are.</param>
    /// <param name="carriedKb">What is in flight on one of them at most beside what is wanted.</param>
    public EdgeLinks(EdgeShape shape, EdgeDemand demand, long carriedKb = 0)
    {
        _demand = demand;
        _clients = demand.Clients;
        _edges = shape.Edges;
        long wanted = carriedKb;
        var lines = new List<SharedLine>();
        for (int client = 0; client < _clients; client++)
        {
            lines.Add(new SharedLine(shape.OriginToClient, demand.KbOf(client) + carriedKb));
            wanted += demand.KbOf(client);
        }

        for (int edge = 0; edge < _edges; edge++)
        {
            lines.Add(new SharedLine(shape.OriginToEdge, wanted));
        }

        for (int line = 0; line < _edges * _clients; line++)
        {
            lines.Add(new SharedLine(shape.EdgeToClient, demand.KbOf(line % _clients) + carriedKb));
        }

        _lines = [.. lines];
        _leaves = 1;
        while (_leaves < _lines.Length)
        {
            _leaves *= 2;
        }

        _nextEnds = new long[_leaves];
        _earliest = new int[2 * _leaves];
        Clear();
    }

    /// <summary>Makes idle connections for all that a machine can put in flight, at time 0.</summary>
    internal static EdgeLinks Of(EdgeSetup setup) => new(
        setup.Shape, setup.Demand, setup.Carried.Sum(carried => (long)setup.Demand.Sizes[carried.File]));

    /// <summary>The next end; <see cref="VirtualTime.Never"/>: nothing is in flight.</summary>
    public VirtualTime NextEnd => new(_nextEnds[_earliest[1]]);

    /// <summary>Begins anew, with nothing in flight, at time 0.</summary>
    public void Clear()
    {
        foreach (SharedLine line in _lines)
        {
            line.Clear();
        }

        Array.Fill(_nextEnds, long.MaxValue);
        for (int place = (2 * _leaves) - 1; place >= 1; place--)
        {
            _earliest[place] = place >= _leaves ? place - _leaves : _earliest[2 * place];
        }
    }

    /// <summary>Puts a transfer in flight.</summary>
    /// <param name="now">The time, not after <see cref="NextEnd"/>.</param>
    /// <param name="transfer">The transfer.</param>
    public void Start(VirtualTime now, EdgeTransfer transfer)
    {
        int line = transfer.Kind switch
        {
            TransferKind.Direct => transfer.Client,
            TransferKind.Fill => _clients + transfer.Edge,
            _ => _clients + _edges + (transfer.Edge * _clients) + transfer.Client,
        };
        _lines[line].Start(now.Nanoseconds, _demand.Sizes[transfer.File], transfer.File);
        Update(line);
    }

    /// <summary>The transfer that ends at <see cref="NextEnd"/>; of several, by connection.</summary>
    public EdgeTransfer PeekEnded() => TransferOf(_earliest[1], _lines[_earliest[1]].NextTag);

    /// <summary>Takes the transfer that ends at <see cref="NextEnd"/>; of several, by connection.</summary>
    public EdgeTransfer TakeEnded()
    {
        int line = _earliest[1];
        int file = _lines[line].TakeEnded();
        Update(line);
        return TransferOf(line, file);
    }

    private EdgeTransfer TransferOf(int line, int file)
    {
        if (line < _clients)
        {
            return EdgeTransfer.Direct(line, file);
        }

        line -= _clients;
        if (line < _edges)
        {
            return EdgeTransfer.Fill(line, file);
        }

        line -= _edges;
        return EdgeTransfer.Delivery(line / _clients, line % _clients, file);
    }

    private void Update(int line)
    {
        long[] ends = _nextEnds;
        int[] earliest = _earliest;
        ends[line] = _lines[line].NextEnd;
        for (int place = (line + _leaves) / 2; place >= 1; place /= 2)
        {
            int left = earliest[2 * place];
            int right = earliest[(2 * place) + 1];
            earliest[place] = ends[right] < ends[left] ? right : left;
        }
    }
}
