using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Cli.Reports;
using Shoal.Hosts.Peer;

namespace Shoal.Cli.Progress;

/// <summary>The progress of a join for a program: a JSON object a line.</summary>
internal static class ProgressFeed
{
    /// <summary>Writes a snapshot.</summary>
    public static void Write(TextWriter output, PeerProgress progress)
    {
        output.WriteLine(JsonSerializer.Serialize(progress, ProgressJson.Default.PeerProgress));
        output.Flush();
    }

    /// <summary>Reads a line; null: it is none of a feed.</summary>
    public static PeerProgress? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ProgressJson.Default.PeerProgress);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(SnakeCaseEnum<PeerPhase>)])]
[JsonSerializable(typeof(PeerProgress))]
internal sealed partial class ProgressJson : JsonSerializerContext;
