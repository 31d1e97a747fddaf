namespace Shoal.Simulation.Network;

/// <summary>Payload that is or will be on a connection in one direction.</summary>
/// <param name="Bytes">How much.</param>
/// <param name="Tag">What it is to whoever sent it.</param>
internal readonly record struct Transfer(long Bytes, int Tag);

/// <summary>The transfers of a connection in one direction, in order.</summary>
internal struct TransferQueue
{
    private Transfer[]? _items;
    private int _head;

    public int Count { get; private set; }

    public readonly Transfer First => _items![_head];

    public void Add(Transfer transfer)
    {
        _items ??= new Transfer[4];
        if (Count == _items.Length)
        {
            var larger = new Transfer[Count * 2];
            for (int i = 0; i < Count; i++)
            {
                larger[i] = _items[(_head + i) & (Count - 1)];
            }

            _items = larger;
            _head = 0;
        }

        _items[(_head + Count++) & (_items.Length - 1)] = transfer;
    }

    public void RemoveFirst()
    {
        _head = (_head + 1) & (_items!.Length - 1);
        Count--;
    }

    public void Clear()
    {
        _head = 0;
        Count = 0;
    }
}
