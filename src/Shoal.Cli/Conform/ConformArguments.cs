using Shoal.Core.Roster;

namespace Shoal.Cli.Conform;

/// <summary>What <c>shoal conform</c> was told.</summary>
/// <param name="Directory">The directory to check.</param>
internal sealed record ConformArguments(EndpointText Directory);
