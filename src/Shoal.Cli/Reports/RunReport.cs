using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Cli.Reports;

/// <summary>What a user is told at the end of a run, on the console and with <c>--report FILE</c>.</summary>
internal sealed record RunReport
{
    /// <summary>The swarm's name.</summary>
    public required string Swarm { get; init; }

    /// <summary>Whose report this is; null: nobody's in particular.</summary>
    public string? Peer { get; init; }

    /// <summary>How the run ended for that peer.</summary>
    public RunResult Result { get; init; } = RunResult.Complete;

    /// <summary>What the run took; null: it ended before the hub could tell.</summary>
    public ExchangeReport? Exchange { get; init; }

    /// <summary>What the run took by the system clock; null: the hub kept none.</summary>
    public ClockReading? Clock { get; init; }

    /// <summary>The files that came here.</summary>
    public ImmutableArray<FileReport> Files { get; init; } = [];

    /// <summary>The files that are not complete here.</summary>
    public ImmutableArray<MissingFile> Missing { get; init; } = [];

    /// <summary>Members that went before they had everything; the names for people.</summary>
    public ImmutableArray<string> Vanished { get; init; } = [];
}

/// <summary>How a run ended for one peer.</summary>
internal enum RunResult
{
    /// <summary>Everything is here.</summary>
    Complete,

    /// <summary>Something is missing and nobody present has it.</summary>
    Incomplete,

    /// <summary>The user stopped it.</summary>
    Stopped,
}

/// <summary>A file that came in this run.</summary>
/// <param name="Name">Its name below the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Time">From the opening of the start barrier to its last verified chunk.</param>
/// <param name="From">Whose uploads it was made of.</param>
internal sealed record FileReport(string Name, long Bytes, TimeSpan Time, ImmutableArray<FileSource> From)
{
    /// <summary>When all of it was here by the system clock; null: there was none.</summary>
    public VirtualTime? Clock { get; init; }
}

/// <summary>A peer's part in a file.</summary>
/// <param name="Peer">Its name for people.</param>
/// <param name="Bytes">How many of the file's bytes it sent.</param>
internal readonly record struct FileSource(string Peer, long Bytes);

/// <summary>A file that is not complete at the end.</summary>
/// <param name="Name">Its name below the folder.</param>
/// <param name="MissingChunks">How many chunks are missing.</param>
/// <param name="MissingBytes">How many bytes are missing.</param>
/// <param name="Holders">Members who were known to have them, now gone; the names for people.</param>
internal sealed record MissingFile(
    string Name, int MissingChunks, long MissingBytes, ImmutableArray<string> Holders);
