using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Cli.Reports;

namespace Shoal.Cli.Demo;

/// <summary>The results of a demo as JSON: times in milliseconds, what is not known is null.</summary>
internal sealed record DemoDocument(bool IsRight, IReadOnlyList<DemoJobDocument> Jobs)
{
    /// <summary>The document of results, with a line end.</summary>
    public static string Of(IReadOnlyList<DemoResult> results) => JsonSerializer.Serialize(
        new DemoDocument(
            results.All(result => result.Problems.Count == 0), [.. results.Select(DemoJobDocument.Of)]),
        DemoJson.Default.DemoDocument) + "\n";
}

/// <summary>One job's.</summary>
internal sealed record DemoJobDocument(
    DemoJob Job, string What, double? MakespanMs, double? LowerBoundMs, DemoBoundSource? BoundSource, double? Ratio,
    string? Binding, IReadOnlyList<string> Checks, IReadOnlyList<string> Problems)
{
    public static DemoJobDocument Of(DemoResult result) => new(
        result.Job, result.What, ReportDocument.Milliseconds(result.Time),
        ReportDocument.Milliseconds(result.Bound?.Time), result.Bound?.Source,
        result.Ratio is { } ratio ? Math.Round(ratio, 4) : null, result.Bound?.Of, result.Checks, result.Problems);
}

/// <summary>Writes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(SnakeCaseEnum<DemoJob>), typeof(SnakeCaseEnum<DemoBoundSource>)])]
[JsonSerializable(typeof(DemoDocument))]
internal sealed partial class DemoJson : JsonSerializerContext;
