using Shoal.Cli.Parsing;

namespace Shoal.Cli.Demo;

/// <summary>What <c>shoal demo</c> was told.</summary>
internal sealed record DemoArguments
{
    /// <summary>Which job to show.</summary>
    public required DemoJob Job { get; init; }

    /// <summary>How many peers to start.</summary>
    public required int Peers { get; init; }

    /// <summary>How many bytes each of them owns.</summary>
    public required long BytesPerPeer { get; init; }

    /// <summary>
    /// The speed of each peer's link, each way: both limited and declared. Unlimited: neither.
    /// </summary>
    public required BitRate Link { get; init; }

    /// <summary>The folder to keep everything in; null: a temporary one, gone afterwards.</summary>
    public required string? KeepFolder { get; init; }

    /// <summary>The seed of the files' bytes.</summary>
    public required ulong RandomSeed { get; init; }

    /// <summary>The report file, or null.</summary>
    public required string? ReportFile { get; init; }
}

/// <summary>The jobs that a demo can show.</summary>
internal enum DemoJob
{
    /// <summary>Every peer ends with every file.</summary>
    Exchange,
}
