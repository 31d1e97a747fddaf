using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Hosts.Conform;

/// <summary>What a check of a directory is told.</summary>
public sealed record ConformOptions
{
    /// <summary>The directory.</summary>
    public required EndpointText Directory { get; init; }

    /// <summary>How long a reply is waited for; 12 s by default: more than a directory waits for a request.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>A reply is over when nothing more comes for so long; 2 s by default.</summary>
    public TimeSpan QuietLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Starts the directory again, and says why that failed, or null; null by default: cases that need it are left out.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? Restart { get; init; }

    /// <summary>How long a directory that was started again may take to be there; 30 s by default.</summary>
    public TimeSpan RestartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of every case that begins.</summary>
    public Action<ConformProgress>? Begun { get; init; }

    /// <summary>Told of every case that is done.</summary>
    public Action<ConformResult>? Done { get; init; }
}

/// <summary>How far a check is.</summary>
/// <param name="Done">How many cases are done.</param>
/// <param name="Total">Of how many that are run.</param>
/// <param name="Case">Which begins.</param>
public sealed record ConformProgress(int Done, int Total, string Case);

/// <summary>What came of a case.</summary>
/// <param name="Name">Which.</param>
/// <param name="Departure">Where the directory departs from the protocol; null: nowhere.</param>
public sealed record ConformResult(string Name, string? Departure);

/// <summary>What came of a check.</summary>
/// <param name="Style">How the directory's replies look; null: like those of no directory.</param>
/// <param name="Results">Every case; none, if the style is unknown.</param>
/// <param name="Failure">Why there is no style; null: there is one.</param>
public sealed record ConformReport(
    DirectoryStyle? Style, IReadOnlyList<ConformResult> Results, string? Failure)
{
    /// <summary>How many cases were left out, because nobody could start the directory again; 0 by default.</summary>
    public int LeftOut { get; init; }

    /// <summary>How many cases the directory answers as the protocol has it.</summary>
    public int Kept => Results.Count(result => result.Departure is null);
}
