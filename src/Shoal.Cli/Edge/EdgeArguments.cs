using Shoal.Core.Roster;

namespace Shoal.Cli.Edge;

/// <summary>What <c>shoal edge</c> was told.</summary>
internal sealed record EdgeArguments
{
    /// <summary>What it has in common with origins and clients.</summary>
    public required TierArguments Common { get; init; }

    /// <summary>What it holds at most, in bytes.</summary>
    public required long Capacity { get; init; }

    /// <summary>Where it serves ordinary programs over HTTP; null: nowhere.</summary>
    public required EndpointText? Http { get; init; }

    /// <summary>Whether to go on when everybody has everything.</summary>
    public required bool Stay { get; init; }
}
