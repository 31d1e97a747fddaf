using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery serve</c> was told.</summary>
internal sealed record LotteryServeArguments
{
    /// <summary>Where it listens.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>Where it listens for HTTP; null: nowhere.</summary>
    public EndpointText? Http { get; init; }

    /// <summary>The draw that it serves.</summary>
    public required DrawTerms Terms { get; init; }

    /// <summary>Where the bets lie.</summary>
    public required StoreChoice Store { get; init; }

    /// <summary>The log file, or null.</summary>
    public required string? LogFile { get; init; }
}
