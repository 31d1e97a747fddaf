using Shoal.Core.Roster;

namespace Shoal.Cli.Time;

/// <summary>What <c>shoal time</c> was told.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="LogFile">The log file, or null.</param>
internal sealed record TimeArguments(EndpointText Listen, string? LogFile);
