using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shoal.Core.Content;
using Shoal.Storage;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// What members of a tier say with the clock in front, beside what the trace of a simulation has for them: every
/// beginning and end of a transfer and every eviction, as <c>CLOCK ACTION RESULT FILE FROM TO</c>.
/// </summary>
internal sealed partial class TierClock
{
    private readonly string[] _trace;
    private readonly Dictionary<string, string> _fileOf;
    private readonly Dictionary<string, string> _nameOf;

    private TierClock(string[] trace, Dictionary<string, string> fileOf, Dictionary<string, string> nameOf)
    {
        _trace = trace;
        _fileOf = fileOf;
        _nameOf = nameOf;
    }

    /// <summary>Reads what gives lines their meaning.</summary>
    /// <param name="trace">The file of the simulation's trace.</param>
    /// <param name="catalogue">The origin's folder, whose files have the trace's numbers in their names.</param>
    /// <param name="origin">What the origin said: who is who.</param>
    public static async Task<TierClock> ReadAsync(string trace, string catalogue, Lines origin)
    {
        using SwarmFolder folder = SwarmFolder.Open(new SwarmFolderOptions { Path = catalogue, PeerName = "reader" });
        FolderContents contents = await folder.ReadAsync(null, TestContext.Current.CancellationToken);
        return new TierClock(
            await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken),
            contents.Shares.SelectMany(share => share.Entries).OfType<SharedEntry.File>().ToDictionary(
                file => file.Content.Brief, file => Path.GetFileNameWithoutExtension(file.Name.Value)),
            origin.All.Where(line => line.Contains("action: attend", StringComparison.Ordinal)).ToDictionary(
                line => ProcessSwarm.FieldOf(line, "peer"), line => ProcessSwarm.FieldOf(line, "name")));
    }

    /// <summary>
    /// Checks that a member said the very lines of the trace that concern it, its clock never going back.
    /// </summary>
    public void Check(string member, IEnumerable<string> said)
    {
        (decimal Clock, string Text)[] lines = [.. said.Select(line => ClockLine().Match(line))
            .Where(match => match.Success).Select(match => Read(member, match))];
        Assert.Equal(lines.Select(line => line.Clock).Order(), lines.Select(line => line.Clock));
        string[] expected = [.. _trace.SelectMany(Expected)
            .Where(line => member == "origin" || line.Split(' ').Contains(member)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, lines.Select(line => line.Text).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\[(?<clock>[0-9.]+) ms\] action: (?<action>fill|delivery|direct|evict) ")]
    private static partial Regex ClockLine();

    private static string[] Expected(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement entry = document.RootElement;
        string file = entry.GetProperty("file").GetRawText();
        if (entry.TryGetProperty("evict", out JsonElement time))
        {
            return [$"{time.GetDecimal():0.######} evict success {file} edge{entry.GetProperty("edge").GetRawText()}"];
        }

        string from = entry.GetProperty("from").GetString()!;
        string to = entry.GetProperty("to").GetString()!;
        string kind = from != "origin" ? "delivery"
            : to.StartsWith("edge", StringComparison.Ordinal) ? "fill"
            : "direct";
        return
        [
            $"{entry.GetProperty("start").GetDecimal():0.######} {kind} in_progress {file} {from} {to}",
            $"{entry.GetProperty("end").GetDecimal():0.######} {kind} success {file} {from} {to}",
        ];
    }

    private (decimal Clock, string Text) Read(string member, Match match)
    {
        string line = match.Result("$_");
        decimal clock = decimal.Parse(match.Groups["clock"].ValueSpan, CultureInfo.InvariantCulture);
        string action = match.Groups["action"].Value;
        string file = _fileOf[ProcessSwarm.FieldOf(line, "content")];
        string ends = string.Join(' ', (action == "evict" ? ["edge"] : new[] { "from", "to" })
            .Select(key => ProcessSwarm.FieldOf(line, key)).Select(name =>
                name == "here" ? member : _nameOf.GetValueOrDefault(name, name)));
        return (clock, $"{clock:0.######} {action} {ProcessSwarm.FieldOf(line, "result")} {file} {ends}");
    }
}
