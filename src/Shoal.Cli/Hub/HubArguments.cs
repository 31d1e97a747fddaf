using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Relay.Star;
using Shoal.Core.Roster;

namespace Shoal.Cli.Hub;

/// <summary>What <c>shoal hub</c> was told.</summary>
internal sealed record HubArguments
{
    /// <summary>Where it listens.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>The key that members must know; there is none when <see cref="IsOpen"/>.</summary>
    public required KeySource Key { get; init; }

    /// <summary>Whether anybody who reaches the hub may join, as the user said with <c>--open</c>.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>What the hub lends of its uplink, or null.</summary>
    public BitRate? Lend { get; init; }

    /// <summary>How the hub keeps the system clock; null: it keeps none.</summary>
    public StarHubOptions? Clock { get; init; }

    /// <summary>What the directory was told; null: there is none.</summary>
    public HubDirectoryArguments? Directory { get; init; }

    /// <summary>What the lottery was told; null: there is none.</summary>
    public HubLotteryArguments? Lottery { get; init; }

    /// <summary>Where it listens for HTTP; null: nowhere.</summary>
    public EndpointText? Http { get; init; }

    /// <summary>The folder of what lasts.</summary>
    public required string Data { get; init; }

    /// <summary>The log file, or null.</summary>
    public required string? LogFile { get; init; }
}
