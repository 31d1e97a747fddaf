using Shoal.Core.Edge;
using Shoal.Core.Time;

namespace Shoal.Simulation.Edge;

/// <summary>A line of a trace.</summary>
public abstract record EdgeTraceEntry
{
    private EdgeTraceEntry()
    {
    }

    /// <summary>A file crossed a connection.</summary>
    /// <param name="Start">When its first bit left.</param>
    /// <param name="End">When its last bit arrived.</param>
    /// <param name="Transfer">Which file, from where to where.</param>
    public sealed record Moved(VirtualTime Start, VirtualTime End, EdgeTransfer Transfer) : EdgeTraceEntry;

    /// <summary>An edge gave a file up.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Edge">Which edge, from 0.</param>
    /// <param name="File">Which file.</param>
    public sealed record Evicted(VirtualTime Time, int Edge, int File) : EdgeTraceEntry;
}
