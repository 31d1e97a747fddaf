using System.Text.Json.Serialization;

namespace Shoal.Cli.Lottery;

/// <summary>A draw's winners, for programs.</summary>
internal sealed record WinnersDocument(string Draw, int Revision, IReadOnlyList<AgencyWinners> Agencies);

/// <summary>One agency's winners.</summary>
internal sealed record AgencyWinners(int Agency, long Bets, IReadOnlyList<string> Documents);

/// <summary>Writes it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WinnersDocument))]
internal sealed partial class WinnersJson : JsonSerializerContext;
