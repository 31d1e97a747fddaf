using Shoal.Core.Edge;

namespace Shoal.Cli.Edge;

/// <summary>What <c>shoal fetch</c> was told.</summary>
internal sealed record FetchArguments
{
    /// <summary>What it has in common with origins and edges.</summary>
    public required TierArguments Common { get; init; }

    /// <summary>The file with the list, <c>-</c> for standard input, or a glob.</summary>
    public required string List { get; init; }

    /// <summary>Whether files start in the order of the list.</summary>
    public required ListOrder Order { get; init; }
}
