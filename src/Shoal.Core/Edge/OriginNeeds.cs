using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>What the origin has to send, by how many clients want it.</summary>
internal sealed class OriginNeeds
{
    private readonly EdgeShape _shape;
    private readonly int _clients;
    private readonly long _wantedKb;
    private readonly long _heldKb;
    // What an edge can receive and serve so many clients with.
    private readonly long[] _kbByWants;

    public OriginNeeds(EdgeShape shape, EdgeDemand demand, ReadOnlySpan<bool> isPrefilled)
    {
        _shape = shape;
        _clients = demand.Clients;
        _kbByWants = new long[demand.Clients + 1];
        for (int file = 0; file < demand.Files; file++)
        {
            int wants = demand.WantsOf(file).Length;
            long size = demand.Sizes[file];
            _wantedKb += wants * size;
            if (!isPrefilled.IsEmpty && isPrefilled[file])
            {
                _heldKb += wants * size;
                continue;
            }

            DistinctKb += size;
            _kbByWants[wants] += size <= shape.LargestKb ? size : 0;
        }
    }

    /// <summary>What has to leave the origin once.</summary>
    public long DistinctKb { get; }

    /// <summary>The least time in which what comes straight and what the edges serve can be all.</summary>
    public VirtualTime Served()
    {
        long least = 0;
        long most = EdgeShape.Span(_wantedKb, _shape.OriginToClient).Nanoseconds;
        while (least < most)
        {
            long middle = least + ((most - least) / 2);
            (least, most) = IsEnough(middle) ? (least, middle) : (middle + 1, most);
        }

        return new VirtualTime(least);
    }

    // In units of 10^-9 kb, as a kbit/s carries one in a nanosecond.
    private bool IsEnough(long time)
    {
        Int128 straight = (Int128)time * _shape.OriginToClient * _clients;
        Int128 carried = (Int128)time * _shape.EdgeToClient * _clients * _shape.Edges;
        Int128 received = (Int128)time * _shape.OriginToEdge * _shape.Edges;
        Int128 served = Units(_heldKb);
        for (int wants = _clients; wants > 0 && received > 0; wants--)
        {
            Int128 taken = Int128.Min(received, Units(_kbByWants[wants]));
            served += taken * wants;
            received -= taken;
        }

        return straight + Int128.Min(served, carried) >= Units(_wantedKb);
    }

    private static Int128 Units(long kilobits) => (Int128)kilobits * 1_000_000_000;
}
