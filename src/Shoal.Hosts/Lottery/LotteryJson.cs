using System.Text.Json.Serialization;

namespace Shoal.Hosts.Lottery;

/// <summary>What the lottery says and hears over HTTP.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LotteryProblem))]
[JsonSerializable(typeof(BatchAck))]
[JsonSerializable(typeof(CloseCounts))]
[JsonSerializable(typeof(DrawDocument))]
[JsonSerializable(typeof(AgencyDocument))]
[JsonSerializable(typeof(WinnersDocument))]
internal sealed partial class LotteryJson : JsonSerializerContext;

/// <summary>Problem details (RFC 9457).</summary>
/// <param name="Type">Which problem, for programs.</param>
/// <param name="Title">Which problem, for people.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What was wrong this time.</param>
/// <param name="Bet">The bad bet of the batch, from 1.</param>
/// <param name="Field">Its first bad field.</param>
/// <param name="Next">The number that the next batch must have.</param>
internal sealed record LotteryProblem(
    string Type, string Title, int Status, string Detail, int? Bet = null, string? Field = null, long? Next = null);

/// <summary>A batch is on the disk.</summary>
internal sealed record BatchAck(string Draw, int Agency, long Number, int Bets);

/// <summary>What an agency says that it has brought.</summary>
internal sealed record CloseCounts(long? Batches, long? Bets);

/// <summary>How a draw stands.</summary>
internal sealed record DrawDocument(
    string Draw, string State, int Revision, int WinningNumber, IReadOnlyList<AgencyDocument> Agencies);

/// <summary>What is stored of an agency.</summary>
internal sealed record AgencyDocument(int Agency, bool Closed, long Batches, long Bets);

/// <summary>An agency's winners.</summary>
internal sealed record WinnersDocument(string Draw, int Agency, IReadOnlyList<string> Winners);
