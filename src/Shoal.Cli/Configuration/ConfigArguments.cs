using System.CommandLine;

namespace Shoal.Cli.Configuration;

/// <summary>What <c>shoal config</c> was told.</summary>
/// <param name="Root">All commands.</param>
/// <param name="Asked">The command that is asked about, with all below it.</param>
/// <param name="File">The file that was named, or null.</param>
/// <param name="IsJson">Whether a program reads the answer.</param>
internal sealed record ConfigArguments(Command Root, Command Asked, string? File, bool IsJson);
