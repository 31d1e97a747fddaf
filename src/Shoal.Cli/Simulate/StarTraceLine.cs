using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Simulate;

/// <summary>
/// An occupation of a link as a line of a trace, <c>{"start":12.6,"end":20.6,"link":3,"kind":"upload",...}</c>: times
/// in milliseconds, exact; link, file, requester and holder count from 1, chunks from 0 in each file.
/// </summary>
/// <param name="Holder">Null in a request that was never forwarded.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StarTraceLine(
    decimal Start, decimal End, int Link, string Kind, int File, int Chunk, int Requester, int? Holder = null)
{
    private const decimal NanosecondsPerMillisecond = 1_000_000;

    /// <summary>The line of an occupation.</summary>
    /// <param name="seen">The occupation.</param>
    /// <param name="holder">Who sends the chunk; less than 0 if nobody knows.</param>
    /// <param name="firstChunks">The first chunk of each file.</param>
    public static StarTraceLine Of(Occupation seen, int holder, int[] firstChunks)
    {
        int file = StarSetup.FileOf(seen.Chunk, firstChunks);
        return new StarTraceLine(
            seen.Start.Nanoseconds / NanosecondsPerMillisecond, seen.End.Nanoseconds / NanosecondsPerMillisecond,
            seen.Link + 1, NameOf(seen.Kind), file + 1, seen.Chunk - firstChunks[file], seen.Requester + 1,
            holder < 0 ? null : holder + 1);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="firstChunks">The first chunk of each file, and behind them the number of all chunks.</param>
    /// <param name="seen">The occupation.</param>
    /// <param name="reason">Else what is wrong with the line.</param>
    public static bool TryRead(
        string text, int[] firstChunks, [NotNullWhen(true)] out Occupation? seen,
        [NotNullWhen(false)] out string? reason)
    {
        seen = null;
        StarTraceLine? line;
        try
        {
            line = JsonSerializer.Deserialize(text, StarTraceJson.Default.StarTraceLine);
        }
        catch (JsonException)
        {
            line = null;
        }

        if (line is null)
        {
            reason = "it is not an object with start, end, link, kind, file, chunk, requester and holder";
        }
        else if (!Enum.TryParse(line.Kind, ignoreCase: true, out OccupationKind kind) || NameOf(kind) != line.Kind)
        {
            reason = $"'{line.Kind}' is no kind; there are request, forward, upload, deliver and finished";
        }
        else if (!TryReadTime(line.Start, out VirtualTime start) || !TryReadTime(line.End, out VirtualTime end))
        {
            reason = "a time is not in milliseconds from 0 on, with at most six digits behind the point";
        }
        else if (line.File < 1 || line.File >= firstChunks.Length || line.Chunk < 0
            || line.Chunk >= firstChunks[line.File] - firstChunks[line.File - 1])
        {
            reason = $"this star has no chunk {line.Chunk} of file {line.File}";
        }
        else
        {
            seen = new Occupation(
                kind, line.Link - 1, firstChunks[line.File - 1] + line.Chunk, line.Requester - 1,
                (line.Holder ?? 0) - 1, start, end);
            reason = null;
            return true;
        }

        return false;
    }

    private static bool TryReadTime(decimal milliseconds, out VirtualTime time)
    {
        decimal nanoseconds = milliseconds >= 0 && milliseconds < long.MaxValue / NanosecondsPerMillisecond
            ? milliseconds * NanosecondsPerMillisecond
            : -1;
        time = new VirtualTime((long)nanoseconds);
        return nanoseconds >= 0 && time.Nanoseconds == nanoseconds;
    }

    private static string NameOf(OccupationKind kind) => kind switch
    {
        OccupationKind.Request => "request",
        OccupationKind.Forward => "forward",
        OccupationKind.Upload => "upload",
        OccupationKind.Deliver => "deliver",
        _ => "finished",
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StarTraceLine))]
internal sealed partial class StarTraceJson : JsonSerializerContext;
