using System.Globalization;
using System.Text.RegularExpressions;
using Shoal.Core.Wire;
using Shoal.Tests.Architecture;

namespace Shoal.Tests.Wire;

/// <summary>docs/protocol.md has every frame, under its number, with bytes that are of this very type.</summary>
public sealed partial class ProtocolPageTests
{
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

    [Fact]
    public void Every_file_of_bytes_is_on_the_page()
    {
        string page = Repository.Read("docs/protocol.md");
        Assert.All(
            Directory.GetFiles(s_golden, "*.hex").Select(path => Path.GetFileName(path)),
            file => Assert.Contains(file, page, StringComparison.Ordinal));
    }

    // A row goes on until the next one, or an empty line.
    private static Dictionary<int, string> Rows() => Row().Matches(Repository.Read("docs/protocol.md")).ToDictionary(
        match => int.Parse(match.Groups["type"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        match => match.Value.Trim());

    private static int TypeOf(string file)
    {
        string[] bytes = File.ReadAllText(Path.Join(s_golden, file)).Split([' ', '\n']);
        return int.Parse(bytes[TypeOffset], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^    0x(?<type>[0-9a-f]{2}) \w.*\n(?:     +.*\n)*", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[\w-]+\.hex")]
    private static partial Regex HexFile();
}
