using Shoal.Core.Roster;

namespace Shoal.Cli.Audit;

/// <summary>What <c>shoal audit</c> was told.</summary>
internal sealed record AuditArguments
{
    /// <summary>Where it listens.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>Whether this machine's port mapper is told.</summary>
    public required bool IsMapped { get; init; }

    /// <summary>The log file, or null.</summary>
    public required string? LogFile { get; init; }
}
