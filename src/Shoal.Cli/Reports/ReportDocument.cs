using System.Text.Json.Serialization;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Cli.Reports;

/// <summary>
/// A report as JSON: times in milliseconds, rates in bytes per second, what is not known is null.
/// </summary>
internal sealed record ReportDocument
{
    public required string Swarm { get; init; }

    public required string? Peer { get; init; }

    public required RunResult Result { get; init; }

    public required double? MakespanMs { get; init; }

    public required double? LowerBoundMs { get; init; }

    public required BoundSource? BoundSource { get; init; }

    public required double? Ratio { get; init; }

    public required string? Binding { get; init; }

    public required double? VirtualMakespanMs { get; init; }

    public required double? VirtualLowerBoundMs { get; init; }

    public required double? VirtualRatio { get; init; }

    public required long? ContentBytes { get; init; }

    public required IReadOnlyList<PeerDocument> Peers { get; init; }

    public required IReadOnlyList<FileDocument> Files { get; init; }

    public required IReadOnlyList<MissingDocument> Missing { get; init; }

    public required IReadOnlyList<string> Vanished { get; init; }

    /// <summary>The document of a report.</summary>
    public static ReportDocument Of(RunReport report)
    {
        ExchangeReport? exchange = report.Exchange;
        bool hasBound = exchange?.LowerBound > TimeSpan.Zero;
        return new ReportDocument
        {
            Swarm = report.Swarm,
            Peer = report.Peer,
            Result = report.Result,
            MakespanMs = Milliseconds(exchange?.Makespan),
            LowerBoundMs = hasBound ? Milliseconds(exchange!.LowerBound) : null,
            BoundSource = hasBound ? exchange!.BoundSource : null,
            Ratio = exchange?.Ratio is { } ratio ? Math.Round(ratio, 4) : null,
            Binding = hasBound ? exchange!.Binding : null,
            VirtualMakespanMs = report.Clock?.Makespan.Milliseconds,
            VirtualLowerBoundMs = report.Clock?.Ratio is null ? null : report.Clock.LowerBound.Milliseconds,
            VirtualRatio = report.Clock?.Ratio is { } exact ? Math.Round(exact, 6) : null,
            ContentBytes = exchange?.ContentBytes,
            Peers = exchange is null ? [] : [.. exchange.Peers.Select(PeerDocument.Of)],
            Files = [.. report.Files.Select(FileDocument.Of)],
            Missing = [.. report.Missing.Select(missing => new MissingDocument(
                missing.Name, missing.MissingChunks, missing.MissingBytes, [.. missing.Holders]))],
            Vanished = [.. report.Vanished],
        };
    }

    /// <summary>
    /// The report that was written, as far as the document has it: members have names and no identities.
    /// </summary>
    public RunReport ToReport() => new()
    {
        Swarm = Swarm,
        Peer = Peer,
        Result = Result,
        Exchange = MakespanMs is { } makespan
            ? new ExchangeReport(
                TimeSpan.FromMilliseconds(makespan), TimeSpan.FromMilliseconds(LowerBoundMs ?? 0),
                BoundSource ?? Core.Exchange.BoundSource.Estimated, Binding ?? "", ContentBytes ?? 0,
                [.. Peers.Select(peer => peer.ToReport())])
            : null,
        Clock = VirtualMakespanMs is { } end
            ? new ClockReading(VirtualOf(end), VirtualOf(VirtualLowerBoundMs ?? 0), VirtualTime.Zero) : null,
        Files = [.. Files.Select(file => file.ToReport())],
        Missing = [.. Missing.Select(missing => new MissingFile(
            missing.Name, missing.MissingChunks, missing.MissingBytes, [.. missing.Holders]))],
        Vanished = [.. Vanished],
    };

    /// <summary>A reading of the system clock.</summary>
    public static VirtualTime VirtualOf(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    /// <summary>A time in milliseconds, to the microsecond.</summary>
    public static double? Milliseconds(TimeSpan? time) =>
        time is { } known ? Math.Round(known.TotalMilliseconds, 3) : null;
}

internal sealed record PeerDocument(
    string Name, double? FinishMs, long OwnedBytes, long BytesSent, long BytesReceived, long BytesWasted,
    long ChunksRejected, long RelayedSent, long RelayedReceived, double? UpRate, double? DownRate)
{
    public static PeerDocument Of(PeerReport peer) => new(
        peer.Name, ReportDocument.Milliseconds(peer.Finish), peer.OwnedBytes, peer.Tally.BytesSent,
        peer.Tally.BytesReceived, peer.Tally.BytesWasted, peer.Tally.ChunksRejected,
        peer.Tally.RelayedSent, peer.Tally.RelayedReceived, Rate(peer.UpCapacity), Rate(peer.DownCapacity));

    public PeerReport ToReport() => new(
        default, Name, FinishMs is { } finish ? TimeSpan.FromMilliseconds(finish) : null, OwnedBytes,
        new PeerTally(
            BytesSent, BytesReceived, BytesWasted, ChunksRejected, 0, 0, RelayedSent, RelayedReceived),
        UpRate ?? 0, DownRate ?? 0);

    // Unlimited cannot be written in JSON, and says no more than an unknown rate.
    private static double? Rate(double bytesPerSecond) =>
        bytesPerSecond > 0 && double.IsFinite(bytesPerSecond) ? Math.Round(bytesPerSecond) : null;
}

internal sealed record FileDocument(
    string Name, long Bytes, double Ms, double? VirtualMs, IReadOnlyList<SourceDocument> From)
{
    public static FileDocument Of(FileReport file) => new(
        file.Name, file.Bytes, ReportDocument.Milliseconds(file.Time)!.Value, file.Clock?.Milliseconds,
        [.. file.From.Select(source => new SourceDocument(source.Peer, source.Bytes))]);

    public FileReport ToReport() => new(
        Name, Bytes, TimeSpan.FromMilliseconds(Ms),
        [.. From.Select(source => new FileSource(source.Peer, source.Bytes))])
    {
        Clock = VirtualMs is { } time ? ReportDocument.VirtualOf(time) : null,
    };
}

internal sealed record SourceDocument(string Peer, long Bytes);

internal sealed record MissingDocument(
    string Name, int MissingChunks, long MissingBytes, IReadOnlyList<string> Holders);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(SnakeCaseEnum<RunResult>), typeof(SnakeCaseEnum<BoundSource>)])]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Writes the names of an enumeration in snake case.</summary>
internal sealed class SnakeCaseEnum<T>()
    : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
