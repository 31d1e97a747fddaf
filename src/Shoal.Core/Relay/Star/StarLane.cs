namespace Shoal.Core.Relay.Star;

/// <summary>What one peer is to get of another, in order.</summary>
internal sealed class StarLane
{
    /// <summary>Chunks that the holder had when this was planned.</summary>
    public Queue<int> Held { get; } = new();

    /// <summary>Chunks that the holder has got since.</summary>
    public Queue<int> Came { get; } = new();

    /// <summary>How many there are in all, those included that the holder has yet to get.</summary>
    public int Planned { get; set; }

    /// <summary>How many of them have been asked for.</summary>
    public int Issued { get; private set; }

    /// <summary>Whether there is something to ask for.</summary>
    public bool IsReady => Held.Count > 0 || Came.Count > 0;

    /// <summary>Takes the next chunk to ask for: first what the holder got to hand it on.</summary>
    public int Take()
    {
        Issued++;
        return Came.Count > 0 ? Came.Dequeue() : Held.Dequeue();
    }

    /// <summary>Whether this lane is further behind its plan than another (as Webster divides seats).</summary>
    public bool IsBehind(StarLane other) =>
        ((2L * Issued) + 1) * other.Planned < ((2L * other.Issued) + 1) * Planned;
}
