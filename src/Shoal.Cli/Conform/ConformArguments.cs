using Shoal.Core.Roster;

namespace Shoal.Cli.Conform;

/// <summary>What <c>shoal conform</c> was told.</summary>
/// <param name="Directory">The directory to check.</param>
/// <param name="Restart">The command that starts it again; null: nobody can.</param>
/// <param name="IsJson">Whether a program reads the answer.</param>
internal sealed record ConformArguments(EndpointText Directory, string? Restart, bool IsJson);
