using System.Globalization;
using System.Text.Json.Serialization;
using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>
/// A simulated run as JSON: times in milliseconds, rates in bytes per second; no limit is null.
/// </summary>
internal sealed record ExchangeDocument
{
    public required string Policy { get; init; }

    public required ulong RandomSeed { get; init; }

    /// <summary>Null: only the bound was computed.</summary>
    public required double? MakespanMs { get; init; }

    public required double LowerBoundMs { get; init; }

    public required double? Ratio { get; init; }

    public required string? Binding { get; init; }

    /// <summary>What could be saved at most if the binding constraint had no limit.</summary>
    public required double SavingMs { get; init; }

    /// <summary>The bound if nobody forwards.</summary>
    public required double DirectBoundMs { get; init; }

    /// <summary>What the hub got of chunks, in bytes.</summary>
    public required long HubBytesReceived { get; init; }

    /// <summary>What the hub sent of chunks, in bytes.</summary>
    public required long HubBytesSent { get; init; }

    /// <summary>Equal for equal runs.</summary>
    public required string? Trace { get; init; }

    public required IReadOnlyList<ExchangePeerDocument> Peers { get; init; }

    /// <summary>With <c>--policy all</c>: every policy's run, this one included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExchangeDocument>? Policies { get; init; }

    /// <summary>The document of a run; without a run, of the bound alone.</summary>
    public static ExchangeDocument Of(PickPolicy policy, ExchangeRun? run, ScenarioArguments arguments)
    {
        BoundResult bound = run?.Bound ?? arguments.Bound;
        return new ExchangeDocument
        {
            Policy = policy.ToString().ToLowerInvariant(),
            RandomSeed = arguments.Scenario.RandomSeed,
            MakespanMs = run?.Makespan.Milliseconds,
            LowerBoundMs = Milliseconds(bound.Seconds),
            Ratio = run?.Ratio,
            Binding = bound.Binding is { } binding ? BoundText.Constraint(binding, arguments.SiteNames) : null,
            SavingMs = Milliseconds(bound.Seconds - bound.SecondsWithoutBinding),
            DirectBoundMs = Milliseconds(MakespanBound.Direct(arguments.Scenario.Shape).Seconds),
            HubBytesReceived = run?.HubBytesIn ?? 0,
            HubBytesSent = run?.HubBytesOut ?? 0,
            Trace = run?.TraceHash.ToString("x16", CultureInfo.InvariantCulture),
            Peers = run is null
                ? []
                : [.. run.Peers.Select(
                    (peer, i) => ExchangePeerDocument.Of(i, peer, arguments.Scenario.Peers[i].Link))],
        };
    }

    /// <summary>Milliseconds, to the nanosecond.</summary>
    public static double Milliseconds(double seconds) => Math.Round(seconds * 1e3, 6);
}

/// <summary>One peer's part in a simulated run as JSON.</summary>
internal sealed record ExchangePeerDocument(
    string Name, double FinishMs, long BytesSent, long BytesReceived, long BytesWasted, int ChunksRejected,
    double? UpRate, double? DownRate)
{
    public static ExchangePeerDocument Of(int index, PeerRun run, PeerLink link) => new(
        $"peer {index + 1}", run.Finish.Milliseconds, run.BytesSent, run.BytesStored, run.BytesWasted,
        run.ChunksRejected, Finite(link.Up), Finite(link.IsHalfDuplex ? link.Up : link.Down));

    private static double? Finite(double rate) => double.IsFinite(rate) ? rate : null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ExchangeDocument))]
internal sealed partial class ExchangeJson : JsonSerializerContext;
