using Shoal.Core.Time;

namespace Shoal.Simulation.Network;

/// <summary>
/// When each flow's transfer ends, the earliest on top; an end can be moved. Ties go to the lower flow.
/// </summary>
internal sealed class FlowHeap
{
    private const int Arity = 4;

    private int[] _heap = new int[16];
    private int[] _places = new int[16];
    private long[] _ends = new long[16];
    private int _count;

    /// <summary>The flow that ends first, or -1.</summary>
    public int First => _count == 0 ? -1 : _heap[0];

    /// <summary>When that one ends; <see cref="VirtualTime.Never"/> when there is none.</summary>
    public VirtualTime FirstEnd => _count == 0 ? VirtualTime.Never : new VirtualTime(_ends[_heap[0]]);

    /// <summary>Sets a flow's end; with <see cref="VirtualTime.Never"/> the flow is taken out.</summary>
    public void Set(int flow, VirtualTime end)
    {
        if (flow >= _places.Length)
        {
            int size = Math.Max(flow + 1, _places.Length * 2);
            Array.Resize(ref _places, size);
            Array.Resize(ref _ends, size);
        }

        // Places count from 1, so that 0 says: not in the heap.
        int place = _places[flow] - 1;
        if (end == VirtualTime.Never)
        {
            if (place >= 0)
            {
                RemoveAt(place);
            }

            return;
        }

        bool isEarlier = place < 0 || end.Nanoseconds < _ends[flow];
        _ends[flow] = end.Nanoseconds;
        if (place < 0)
        {
            if (_count == _heap.Length)
            {
                Array.Resize(ref _heap, _count * 2);
            }

            place = _count++;
        }

        if (isEarlier)
        {
            SiftUp(place, flow);
        }
        else
        {
            SiftDown(place, flow);
        }
    }

    private void RemoveAt(int place)
    {
        _places[_heap[place]] = 0;
        int last = _heap[--_count];
        if (place < _count)
        {
            SiftUp(place, last);
            SiftDown(_places[last] - 1, last);
        }
    }

    private void SiftUp(int place, int flow)
    {
        while (place > 0)
        {
            int parent = (place - 1) / Arity;
            if (!IsBefore(flow, _heap[parent]))
            {
                break;
            }

            Put(place, _heap[parent]);
            place = parent;
        }

        Put(place, flow);
    }

    private void SiftDown(int place, int flow)
    {
        for (int child = (place * Arity) + 1; child < _count; child = (place * Arity) + 1)
        {
            int least = child;
            int end = Math.Min(child + Arity, _count);
            for (int other = child + 1; other < end; other++)
            {
                if (IsBefore(_heap[other], _heap[least]))
                {
                    least = other;
                }
            }

            if (!IsBefore(_heap[least], flow))
            {
                break;
            }

            Put(place, _heap[least]);
            place = least;
        }

        Put(place, flow);
    }

    private void Put(int place, int flow)
    {
        _heap[place] = flow;
        _places[flow] = place + 1;
    }

    private bool IsBefore(int a, int b) => _ends[a] < _ends[b] || (_ends[a] == _ends[b] && a < b);
}
