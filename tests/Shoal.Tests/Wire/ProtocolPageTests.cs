using System.Globalization;
using System.Text.RegularExpressions;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Handshake;
using Shoal.Tests.Architecture;

namespace Shoal.Tests.Wire;

/// <summary>docs/protocol.md has every frame, under its number, with bytes that are of this very type.</summary>
public sealed partial class ProtocolPageTests
{
    private const string Page = "docs/protocol.md";

    private const string BytesHeading = "## The bytes of the examples\n";

    private const int BytesInLine = 32;

    private const int TypeOffset = 4;

    private static readonly string s_golden = Repository.PathOf("tests/Shoal.Tests/Wire/Golden");

    [Fact]
    public void Every_frame_is_on_the_page_with_its_bytes()
    {
        Dictionary<int, string> rows = Rows();
        Assert.Equal(Enum.GetValues<FrameType>().Select(type => (int)type).Order(), rows.Keys.Order());
        foreach ((int type, string row) in rows)
        {
            string[] files = [.. HexFile().Matches(row).Select(match => match.Value)];
            Assert.True(files.Length > 0, $"0x{type:x2} has no bytes on the page: {row}");
            Assert.All(files, file => Assert.Equal(type, TypeOf(file)));
            Assert.EndsWith(
                row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], $"{(FrameType)type}",
                StringComparison.Ordinal);
        }
    }

    /// <summary>Who adds a frame decides whether an older program can get it: docs/protocol.md#versions.</summary>
    [Fact]
    public void The_frames_are_those_of_this_version()
    {
        GoldenFile.Check(
            $"frames-of-version-{Hello.Version}.txt",
            string.Concat(Enum.GetValues<FrameType>().Order().Select(type => $"0x{(int)type:x2} {type}\n")));
        Assert.Single(Directory.GetFiles(s_golden, "frames-of-version-*"));
        Assert.Contains($"Version {Hello.Version}. ", Repository.Read(Page), StringComparison.Ordinal);
        Assert.Contains($"| {Hello.Version} | ", Repository.Read(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_is_named_beside_its_drawing()
    {
        string drawings = Repository.Read(Page).Split(BytesHeading)[0];
        Assert.All(Examples(), file => Assert.Contains(file, drawings, StringComparison.Ordinal));
    }

    [Fact]
    public void The_bytes_of_every_example_are_on_the_page()
    {
        string[] parts = Repository.Read(Page).Split(BytesHeading);
        string sentence = parts[1].Split("\n\n")[0];
        string bytes = string.Join('\n', [sentence, "", .. Examples().SelectMany(Shown), ""]);
        if (Environment.GetEnvironmentVariable("SHOAL_GOLDEN") == "rewrite")
        {
            File.WriteAllText(Repository.PathOf(Page), parts[0] + BytesHeading + bytes);
            return;
        }

        Assert.Equal(bytes, parts[1]);
    }

    // A row goes on until the next one, or an empty line.
    private static Dictionary<int, string> Rows() => Row().Matches(Repository.Read(Page)).ToDictionary(
        match => int.Parse(match.Groups["type"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        match => match.Value.Trim());

    // The handshake, then frames by their types.
    private static IEnumerable<string> Examples() => Directory.GetFiles(s_golden, "*.hex")
        .Select(path => Path.GetFileName(path))
        .OrderBy(file => file.StartsWith("hello", StringComparison.Ordinal)
            || file.StartsWith("proof", StringComparison.Ordinal) ? 0 : TypeOf(file))
        .ThenBy(file => file, StringComparer.Ordinal);

    private static IEnumerable<string> Shown(string file) =>
    [
        $"    {file}",
        .. BytesOf(file).Chunk(BytesInLine).Select(line => $"        {string.Join(' ', line)}"),
    ];

    private static string[] BytesOf(string file) => File.ReadAllText(Path.Join(s_golden, file))
        .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static int TypeOf(string file) =>
        int.Parse(BytesOf(file)[TypeOffset], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^    0x(?<type>[0-9a-f]{2}) \w.*\n(?:     +.*\n)*", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[\w-]+\.hex")]
    private static partial Regex HexFile();
}
