namespace Shoal.Cli.Lottery;

/// <summary>What <c>shoal lottery generate</c> was told.</summary>
internal sealed record LotteryGenerateArguments
{
    /// <summary>How many files.</summary>
    public required int Agencies { get; init; }

    /// <summary>Bets in all files together.</summary>
    public required int Bets { get; init; }

    /// <summary>Winners among them.</summary>
    public required int Winners { get; init; }

    /// <summary>The number that the winners bet on, and nobody else.</summary>
    public required int WinningNumber { get; init; }

    /// <summary>The seed of all that is made up.</summary>
    public required ulong RandomSeed { get; init; }

    /// <summary>Where the files go; made if absent.</summary>
    public required string Folder { get; init; }
}
