using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Edge;

/// <summary>What origin, edge and client of a tier are all told.</summary>
internal sealed record TierArguments
{
    /// <summary>What everybody is told who comes to a hub.</summary>
    public required MemberArguments Member { get; init; }

    /// <summary>The name of the tier at its hub.</summary>
    public required string Tier { get; init; }

    /// <summary>How long to wait for an origin.</summary>
    public TimeSpan Patience { get; init; }
}

/// <summary>The flags that origin, edge and client of a tier all have.</summary>
internal sealed class TierFlags(string folder)
{
    private const string DefaultTier = "tier";

    private readonly MemberFlags _member = new(folder);
    private readonly Option<string?> _tier = SwarmName.Option(
        "--tier", $"The name of the tier, where a hub has several [default: {DefaultTier}]");

    private readonly Option<Duration> _patience = TypedOption.WithDefault<Duration>(
        "--patience", "TIME", "How long to wait for an origin that is not there", Duration.TryParse, "60");

    /// <summary>Those that come first.</summary>
    public IEnumerable<Option> First => [.. _member.First, _tier];

    /// <summary>Where others connect.</summary>
    public IEnumerable<Option> Doors => _member.Doors;

    /// <summary>How long to wait for an origin.</summary>
    public Option Patience => _patience;

    /// <summary>Those that come last.</summary>
    public IEnumerable<Option> Last => _member.Last;

    public TierArguments Bind(ParseResult result, Func<string, string?> environment) => new()
    {
        Member = _member.Bind(result, environment),
        Tier = result.GetValue(_tier) ?? DefaultTier,
        Patience = result.GetValue(_patience).Value,
    };
}
