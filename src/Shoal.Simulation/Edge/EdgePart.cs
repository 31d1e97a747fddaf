namespace Shoal.Simulation.Edge;

/// <summary>What one edge did in a run.</summary>
public sealed class EdgePart
{
    /// <summary>Files sent from a copy that had been sent before, or was there before the clock started.</summary>
    public int Hits { get; internal set; }

    /// <summary>Files sent from a copy that had to be filled for it.</summary>
    public int Misses { get; internal set; }

    /// <summary>What it received, in kb.</summary>
    public long ReceivedKb { get; internal set; }

    /// <summary>What it sent, in kb.</summary>
    public long SentKb { get; internal set; }

    /// <summary>The most that it held at once, fills under way included, in kb.</summary>
    public long PeakKb { get; internal set; }
}
