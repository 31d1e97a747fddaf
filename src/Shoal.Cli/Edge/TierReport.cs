using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Cli.Reports;
using Shoal.Hosts.Edge;

namespace Shoal.Cli.Edge;

/// <summary>An origin's run as JSON: times in milliseconds, amounts in kilobits.</summary>
internal sealed record OriginDocument
{
    public required bool Complete { get; init; }

    public required double MakespanMs { get; init; }

    public required double? VirtualMakespanMs { get; init; }

    public required double? PlannedMs { get; init; }

    public required double? LowerBoundMs { get; init; }

    public required double? Ratio { get; init; }

    public required long OriginKb { get; init; }

    public required long DistinctKb { get; init; }

    public required IReadOnlyList<OriginEdge> Edges { get; init; }

    public required IReadOnlyList<OriginClientDocument> Clients { get; init; }

    /// <summary>
    /// The document of a run; the ratio is that of the clock by which the rates are true. Where nobody said them,
    /// nothing is known of what they allow.
    /// </summary>
    public static OriginDocument Of(OriginResult result, bool areRatesKnown)
    {
        double makespan = result.Clock?.Milliseconds ?? result.Makespan.TotalMilliseconds;
        double? bound = areRatesKnown ? result.LowerBound.Milliseconds : null;
        return new OriginDocument
        {
            Complete = result.IsComplete,
            MakespanMs = result.Makespan.TotalMilliseconds,
            VirtualMakespanMs = result.Clock?.Milliseconds,
            PlannedMs = areRatesKnown ? result.Planned.Milliseconds : null,
            LowerBoundMs = bound,
            Ratio = bound > 0 ? makespan / bound : null,
            OriginKb = result.OriginKb,
            DistinctKb = result.DistinctKb,
            Edges = result.Edges,
            Clients = [.. result.Clients.Select(client => new OriginClientDocument(
                client.Name, client.Files, client.DirectFiles, client.Kb, client.Finish?.Milliseconds))],
        };
    }
}

/// <summary>What a client got as JSON.</summary>
internal sealed record OriginClientDocument(string Name, int Files, int DirectFiles, long Kb, double? FinishMs);

/// <summary>An edge's run as JSON.</summary>
internal sealed record EdgeRunDocument(bool Complete, long FilledBytes, long SentBytes, long PeakBytes);

/// <summary>A client's run as JSON.</summary>
internal sealed record FetchDocument(
    bool Complete, double ElapsedMs, IReadOnlyList<FetchedFileDocument> Files, IReadOnlyList<string> Unknown,
    IReadOnlyList<string> Missing);

/// <summary>A file that a client has as JSON.</summary>
internal sealed record FetchedFileDocument(string Name, long Bytes, string From, double Ms, double? ClockMs);

/// <summary>The files of <c>--report</c> of a tier.</summary>
internal static class TierReport
{
    public static void Write(string? path, OriginDocument document) =>
        Write(path, stream => JsonSerializer.Serialize(stream, document, TierJson.Default.OriginDocument));

    public static void Write(string? path, EdgeRunDocument document) =>
        Write(path, stream => JsonSerializer.Serialize(stream, document, TierJson.Default.EdgeRunDocument));

    public static void Write(string? path, FetchDocument document) =>
        Write(path, stream => JsonSerializer.Serialize(stream, document, TierJson.Default.FetchDocument));

    private static void Write(string? path, Action<Stream> write)
    {
        if (path is null)
        {
            return;
        }

        using var file = WholeFile.Create("--report", path);
        write(file.Stream);
        file.Stream.WriteByte((byte)'\n');
        file.Complete();
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(OriginDocument))]
[JsonSerializable(typeof(EdgeRunDocument))]
[JsonSerializable(typeof(FetchDocument))]
internal sealed partial class TierJson : JsonSerializerContext;
