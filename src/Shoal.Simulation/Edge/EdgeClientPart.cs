using Shoal.Core.Time;

namespace Shoal.Simulation.Edge;

/// <summary>What one client got in a run.</summary>
public sealed class EdgeClientPart
{
    private Int128 _spans;

    /// <summary>How many files it got.</summary>
    public int Files { get; private set; }

    /// <summary>What it got, in kb.</summary>
    public long Kb { get; private set; }

    /// <summary>How many files came straight from the origin.</summary>
    public int DirectFiles { get; internal set; }

    /// <summary>What came straight from the origin, in kb.</summary>
    public long DirectKb { get; internal set; }

    /// <summary>When it had everything.</summary>
    public VirtualTime Finish { get; private set; }

    /// <summary>From first bit to last, on average.</summary>
    public VirtualTime MeanFile => Files == 0 ? VirtualTime.Zero : new VirtualTime((long)(_spans / Files));

    internal void Add(EdgeTraceEntry.Moved moved, int kb)
    {
        Files++;
        Kb += kb;
        _spans += (moved.End - moved.Start).Nanoseconds;
        Finish = moved.End > Finish ? moved.End : Finish;
    }
}
