namespace Shoal.Cli.Compose;

/// <summary>What <c>shoal compose</c> was told.</summary>
internal sealed record ComposeArguments
{
    /// <summary>How many agencies.</summary>
    public required int Agencies { get; init; }

    /// <summary>The folder with their bets.</summary>
    public required string BetsFolder { get; init; }

    /// <summary>The hub's settings; null: made up here.</summary>
    public required string? HubConfig { get; init; }

    /// <summary>The agencies' settings; null: made up here.</summary>
    public required string? AgencyConfig { get; init; }

    /// <summary>The image that all run.</summary>
    public required string Image { get; init; }
}
