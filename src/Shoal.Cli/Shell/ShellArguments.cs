using Shoal.Cli.Key;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;

namespace Shoal.Cli.Shell;

/// <summary>What <c>shoal shell</c> was told.</summary>
internal sealed record ShellArguments
{
    /// <summary>The directory.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>How the shell's own listener answers.</summary>
    public required DirectoryStyle Style { get; init; }

    /// <summary>The time service, or null: this machine's clock.</summary>
    public required Uri? Time { get; init; }

    /// <summary>Where others fetch from; null: any free port of every address.</summary>
    public required EndpointText? Listen { get; init; }

    /// <summary>Where published files are and fetched ones go.</summary>
    public required string Folder { get; init; }

    /// <summary>A file of commands, or null: they come from the standard input.</summary>
    public required string? Script { get; init; }

    /// <summary>The key of a hub whose own door has one; none unless given.</summary>
    public KeySource Key { get; init; } = KeySource.None;

    /// <summary>The log file, or null.</summary>
    public required string? LogFile { get; init; }
}
