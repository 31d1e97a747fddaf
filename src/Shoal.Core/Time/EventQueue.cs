using System.Diagnostics.CodeAnalysis;

namespace Shoal.Core.Time;

/// <summary>
/// Events in the order in which they happen: by virtual time, and at one instant in the order in which they were
/// added. A heap with four children a parent (Johnson, 1975) over small keys; the events themselves do not move.
/// </summary>
/// <typeparam name="T">What an event carries.</typeparam>
public sealed class EventQueue<T>
{
    private const int Arity = 4;

    private Key[] _heap = new Key[64];
    private T[] _events = new T[64];
    private int[] _freeSlots = new int[64];
    private int _freeCount;
    private int _usedSlots;
    private long _sequence;

    /// <summary>How many events wait.</summary>
    public int Count { get; private set; }

    /// <summary>The time of the first event; <see cref="VirtualTime.Never"/> when there is none.</summary>
    public VirtualTime NextTime => Count == 0 ? VirtualTime.Never : _heap[0].Time;

    /// <summary>Adds an event behind all others of its instant.</summary>
    /// <param name="time">When it happens.</param>
    /// <param name="item">What it carries.</param>
    public void Add(VirtualTime time, T item)
    {
        int slot = TakeSlot();
        _events[slot] = item;
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        SiftUp(Count++, new Key(time, _sequence++, slot));
    }

    /// <summary>Takes the first event; false when there is none.</summary>
    /// <param name="time">When it happens.</param>
    /// <param name="item">What it carries.</param>
    public bool TryTake(out VirtualTime time, [MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            time = VirtualTime.Never;
            item = default;
            return false;
        }

        Key first = _heap[0];
        time = first.Time;
        item = _events[first.Slot];
        _events[first.Slot] = default!;
        _freeSlots[_freeCount++] = first.Slot;
        Count--;
        if (Count > 0)
        {
            SiftDown(_heap[Count]);
        }

        return true;
    }

    private int TakeSlot()
    {
        if (_freeCount > 0)
        {
            return _freeSlots[--_freeCount];
        }

        if (_usedSlots == _events.Length)
        {
            Array.Resize(ref _events, _usedSlots * 2);
            Array.Resize(ref _freeSlots, _usedSlots * 2);
        }

        return _usedSlots++;
    }

    private void SiftUp(int index, Key key)
    {
        Key[] heap = _heap;
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!key.IsBefore(heap[parent]))
            {
                break;
            }

            heap[index] = heap[parent];
            index = parent;
        }

        heap[index] = key;
    }

    private void SiftDown(Key key)
    {
        Key[] heap = _heap;
        int index = 0;
        for (int child = 1; child < Count; child = (index * Arity) + 1)
        {
            int least = child;
            int end = Math.Min(child + Arity, Count);
            for (int other = child + 1; other < end; other++)
            {
                if (heap[other].IsBefore(heap[least]))
                {
                    least = other;
                }
            }

            if (!heap[least].IsBefore(key))
            {
                break;
            }

            heap[index] = heap[least];
            index = least;
        }

        heap[index] = key;
    }

    private readonly record struct Key(VirtualTime Time, long Sequence, int Slot)
    {
        public bool IsBefore(in Key other) =>
            Time.Nanoseconds < other.Time.Nanoseconds
            || (Time.Nanoseconds == other.Time.Nanoseconds && Sequence < other.Sequence);
    }
}
