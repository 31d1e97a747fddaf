using System.Text.Json.Serialization;

namespace Shoal.Cli.Configuration;

/// <summary>What a command's flags come to, for programs.</summary>
/// <param name="Command">The command, as <c>shoal key new</c>.</param>
/// <param name="Flags">Its flags, in the order of its help.</param>
internal sealed record SettingsDocument(string Command, IReadOnlyList<FlagDocument> Flags);

/// <summary>One flag.</summary>
/// <param name="Flag">The flag, with its dashes.</param>
/// <param name="Required">Whether the command wants it.</param>
/// <param name="Values">Its values without what is secret in them; none: it is not set.</param>
/// <param name="Source">Where they come from; null: it is not set.</param>
internal sealed record FlagDocument(string Flag, bool Required, IReadOnlyList<string> Values, string? Source);

/// <summary>Writes it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<SettingsDocument>))]
internal sealed partial class SettingsJson : JsonSerializerContext;
