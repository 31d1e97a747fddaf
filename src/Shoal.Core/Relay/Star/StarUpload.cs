namespace Shoal.Core.Relay.Star;

/// <summary>A chunk on its way from a holder to the hub and on to those who wait for it.</summary>
internal sealed class StarUpload(int chunk, StarLink holder)
{
    public int Chunk { get; } = chunk;

    public StarLink Holder { get; } = holder;

    /// <summary>Whether its forwarded request waits for the holder's link, or is further.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>Nobody is to carry it on: another was asked for the chunk, or nobody waits for it.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Who waits for it; the first one's request opened it.</summary>
    public List<StarLink> Waiting { get; } = [];

    /// <summary>Deliveries that have not ended.</summary>
    public int Pending { get; set; }
}
