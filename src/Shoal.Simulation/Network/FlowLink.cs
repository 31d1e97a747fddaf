namespace Shoal.Simulation.Network;

/// <summary>
/// A link and the path slots (flow times <see cref="MaxMinAllocator.MostLinks"/> plus place) of the flows on it.
/// </summary>
internal sealed class FlowLink
{
    /// <summary>Bytes per second; may be infinite.</summary>
    public double Capacity;

    /// <summary>The level that the other links have been told of.</summary>
    public double Announced;

    public bool IsDirty;

    public int Count;

    public int[] Slots = new int[4];

    public int Add(int slot)
    {
        if (Count == Slots.Length)
        {
            Array.Resize(ref Slots, Count * 2);
        }

        Slots[Count] = slot;
        return Count++;
    }

    /// <summary>Fills the gap with the last slot and returns the slot that is there now.</summary>
    public int RemoveAt(int position)
    {
        int last = Slots[--Count];
        Slots[position] = last;
        return last;
    }
}
