using System.Collections.Immutable;
using System.Text.Json;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Simulate;

/// <summary>
/// The file of <c>--peers-file</c>: a JSON array with an object a peer,
/// <c>{"chunk_ms": 6, "message_ms": 0.6, "chunks": 3907}</c>. A peer without <c>chunks</c> owns as many as
/// <c>--chunks</c> says.
/// </summary>
internal static class StarPeersFile
{
    private const string Example = """[{"chunk_ms": 6, "message_ms": 0.6, "chunks": 3907}, ...]""";

    // A peer takes less than 100 bytes.
    private const int MostBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="chunks">How many chunks a peer owns of which the file does not say it.</param>
    /// <exception cref="WorkFailedException">It cannot be read, or is not what it should be.</exception>
    public static StarShape Read(string path, int chunks)
    {
        var links = ImmutableArray.CreateBuilder<LinkCost>();
        var counts = ImmutableArray.CreateBuilder<int>();
        using JsonDocument document = Parse(path);
        foreach (JsonElement peer in document.RootElement.EnumerateArray())
        {
            string where = $"{path}: peer {links.Count + 1}";
            Check(where, peer);
            links.Add(new LinkCost(Cost(where, peer, "chunk_ms"), Cost(where, peer, "message_ms")));
            counts.Add(peer.TryGetProperty("chunks", out JsonElement own) ? Count(where, own) : chunks);
        }

        return new StarShape { Costs = CostModel.Of(links.ToImmutable()), Chunks = counts.ToImmutable() };
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw Wrong($"{path} has more than {MostBytes} bytes; no star is so large.");
            }

            var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0
                ? document
                : throw Wrong($"{path} is not an array of peers, such as {Example}.");
        }
        catch (JsonException e)
        {
            throw Wrong($"{path} is not JSON (line {e.LineNumber + 1}): write {Example}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Wrong(ReadFailure.Of(path, e));
        }
    }

    private static void Check(string where, JsonElement peer)
    {
        if (peer.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"{where} is not an object such as {Example[1..^6]}.");
        }

        var seen = new HashSet<string>();
        foreach (JsonProperty property in peer.EnumerateObject())
        {
            if (property.Name is not ("chunk_ms" or "message_ms" or "chunks"))
            {
                throw Wrong($"{where} has '{property.Name}', which is not one of chunk_ms, message_ms, chunks.");
            }

            if (!seen.Add(property.Name))
            {
                throw Wrong($"{where} has {property.Name} twice.");
            }
        }
    }

    private static VirtualTime Cost(string where, JsonElement peer, string name)
    {
        if (!peer.TryGetProperty(name, out JsonElement value))
        {
            throw Wrong($"{where} has no {name}; write for example {Example[1..^6]}.");
        }

        // The very digits of the file, not what a binary number makes of them.
        return CostModel.TryParseMilliseconds(value.GetRawText(), out VirtualTime cost, out string? reason)
            ? cost
            : throw Wrong($"{where}, {name}: {reason}.");
    }

    private static int Count(string where, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count)
            && count is >= 0 and <= StarOptions.MostChunks
            ? count
            : throw Wrong($"{where}, chunks: {value.GetRawText()} is not a whole number from 0 to "
                + $"{StarOptions.MostChunks}.");

    private static WorkFailedException Wrong(string what) => new($"--peers-file: {what}");
}
