using System.Text.Json.Serialization;
using Shoal.Cli.Simulate;
using Shoal.Core.Exchange;

namespace Shoal.Cli.Bound;

/// <summary>A bound as JSON: times in milliseconds.</summary>
internal sealed record BoundDocument
{
    public required double LowerBoundMs { get; init; }

    public required string? Binding { get; init; }

    /// <summary>What could be saved at most if the binding constraint had no limit.</summary>
    public required double SavingMs { get; init; }

    /// <summary>The bound if nobody forwards, neither peers nor hub.</summary>
    public required double DirectBoundMs { get; init; }

    /// <summary>With <c>--relay</c>: the bound if each pair's bytes pass the hub on their own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required double? RelayEachPairMs { get; init; }

    public required IReadOnlyList<BoundTermDocument> Terms { get; init; }

    public static BoundDocument Of(ScenarioArguments arguments)
    {
        BoundResult bound = arguments.Bound;
        return new BoundDocument
        {
            LowerBoundMs = ExchangeDocument.Milliseconds(bound.Seconds),
            Binding = bound.Binding is { } binding ? BoundText.Constraint(binding, arguments.SiteNames) : null,
            SavingMs = ExchangeDocument.Milliseconds(bound.Seconds - bound.SecondsWithoutBinding),
            DirectBoundMs = ExchangeDocument.Milliseconds(MakespanBound.Direct(arguments.Scenario.Shape).Seconds),
            RelayEachPairMs = arguments.Scenario.IsRelayOnly
                ? ExchangeDocument.Milliseconds(MakespanBound.RelayEachPair(arguments.Shape).Seconds)
                : null,
            Terms =
            [
                .. bound.Terms.Select(term => new BoundTermDocument(
                    BoundText.Constraint(term, arguments.SiteNames), ExchangeDocument.Milliseconds(term.Seconds))),
            ],
        };
    }
}

/// <summary>One term of a bound as JSON.</summary>
internal sealed record BoundTermDocument(string Constraint, double Ms);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(BoundDocument))]
internal sealed partial class BoundJson : JsonSerializerContext;
