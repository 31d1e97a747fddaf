using System.Text.Json.Serialization;

namespace Shoal.Cli.Conform;

/// <summary>What came of a check, for programs.</summary>
/// <param name="Directory">Where the directory is.</param>
/// <param name="Style">How its replies look.</param>
/// <param name="Kept">How many cases it answers as the protocol has them.</param>
/// <param name="LeftOut">How many cases were left out, because nobody could start it again.</param>
/// <param name="Cases">Every case.</param>
internal sealed record ConformDocument(
    string Directory, string Style, int Kept, int LeftOut, IReadOnlyList<CaseDocument> Cases);

/// <summary>What came of a case.</summary>
/// <param name="Name">Which.</param>
/// <param name="Departure">Where the directory departs from the protocol; null: nowhere.</param>
internal sealed record CaseDocument(string Name, string? Departure);

/// <summary>Writes it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConformDocument))]
internal sealed partial class ConformJson : JsonSerializerContext;
