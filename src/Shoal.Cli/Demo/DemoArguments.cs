using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>What <c>shoal demo</c> was told.</summary>
internal sealed record DemoArguments
{
    /// <summary>Which job to show; null: all, one after the other.</summary>
    public required DemoJob? Job { get; init; }

    /// <summary>How many peers to start, for those that exchange.</summary>
    public required int Peers { get; init; }

    /// <summary>How many bytes each of them owns, and the file that the directory's users hand on.</summary>
    public required long BytesPerPeer { get; init; }

    /// <summary>
    /// The speed of each peer's link, each way: both limited and declared. Unlimited: neither.
    /// </summary>
    public required BitRate Link { get; init; }

    /// <summary>The folder to keep everything in; null: a temporary one, gone afterwards.</summary>
    public required string? KeepFolder { get; init; }

    /// <summary>The seed of the files' bytes and of the bets.</summary>
    public required ulong RandomSeed { get; init; }

    /// <summary>The results' file, or null.</summary>
    public required string? ReportFile { get; init; }

    /// <summary>Whether the results go to the output as JSON.</summary>
    public required bool IsJson { get; init; }
}

/// <summary>The jobs that a demo can show, in the order in which it shows them.</summary>
internal enum DemoJob
{
    /// <summary>Every peer ends with every file.</summary>
    Exchange,

    /// <summary>The same, but one peer neither dials nor listens: its chunks pass the hub.</summary>
    Relay,

    /// <summary>Clients fetch by lists from an origin, with edges between them.</summary>
    Edge,

    /// <summary>Two people at shells find and fetch a file by its name.</summary>
    Directory,

    /// <summary>Agencies send bets, and are told their winners after the draw.</summary>
    Lottery,
}
