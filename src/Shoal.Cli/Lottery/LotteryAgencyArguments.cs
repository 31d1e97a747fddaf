using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery agency</c> was told.</summary>
internal sealed record LotteryAgencyArguments
{
    /// <summary>Which agency it is.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>Its bets.</summary>
    public required BetSource Bets { get; init; }

    /// <summary>The hub.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>What it proves itself with over HTTP; null: it speaks the text protocol.</summary>
    public required string? Token { get; init; }

    /// <summary>Bets of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches in flight.</summary>
    public required int Window { get; init; }

    /// <summary>The longest pause between two questions whether the draw is held.</summary>
    public required TimeSpan LongestLook { get; init; }

    /// <summary>The draw.</summary>
    public required DrawName Draw { get; init; }

    /// <summary>Where lines are set aside that are no bets, or null.</summary>
    public required string? RejectsFile { get; init; }

    /// <summary>The log file, or null.</summary>
    public required string? LogFile { get; init; }
}
