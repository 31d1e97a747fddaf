using Shoal.Core.Content;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>A peer with its link: what it has, what occupies the link, and what waits for it.</summary>
internal sealed class StarLink(int index, LinkCost cost, Bitfield has)
{
    public int Index { get; } = index;

    public LinkCost Cost { get; } = cost;

    public bool IsPresent { get; set; } = true;

    /// <summary>The chunks that it can serve.</summary>
    public Bitfield Has { get; set; } = has;

    /// <summary>The chunks that it can serve or has asked for.</summary>
    public Bitfield Claimed { get; set; } = has.Clone();

    /// <summary>Its requests that are out, by chunk.</summary>
    public Dictionary<int, StarWish> Wishes { get; } = [];

    /// <summary>What crosses the link now; null when it is idle.</summary>
    public Occupation? Current { get; set; }

    /// <summary>The upload that <see cref="Current"/> is about; null for a request.</summary>
    public StarUpload? CurrentUpload { get; set; }

    /// <summary>Whether what <see cref="Current"/> stands for has happened, or failed.</summary>
    public bool HasArrived { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>How often something of this peer failed.</summary>
    public int Failures { get; set; }

    /// <summary>Uploads whose forwarded request may go.</summary>
    public Queue<StarUpload> Forwards { get; } = new();

    /// <summary>Uploads that this peer knows of and may send.</summary>
    public Queue<StarUpload> Uploads { get; } = new();

    /// <summary>Uploads that are here and wait to be delivered to this peer.</summary>
    public Queue<StarUpload> Deliveries { get; } = new();

    /// <summary>Uploads that were delivered and have to be reported finished.</summary>
    public Queue<StarUpload> Finished { get; } = new();

    /// <summary>Link time of all that this peer was asked for and has not begun to send.</summary>
    public long Backlog => (Forwards.Count * StarBound.UploadCost(Cost)) + (Uploads.Count * Cost.Chunk.Nanoseconds);

    /// <summary>Forgets everything but what it has.</summary>
    public void Clear()
    {
        Current = null;
        CurrentUpload = null;
        Wishes.Clear();
        Forwards.Clear();
        Uploads.Clear();
        Deliveries.Clear();
        Finished.Clear();
    }
}
