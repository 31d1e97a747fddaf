using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Shoal.Core.Wire;

namespace Shoal.Tests.Wire;

/// <summary>docs/protocol.md says what the code does.</summary>
public sealed class ProtocolPageTests
{
    private static readonly string s_page =
        File.ReadAllText(Path.Combine(Folder(), "../../../docs/protocol.md"));

    [Fact]
    public void EveryFrameIsOnThePageAndNoOther()
    {
        IEnumerable<string> frames = Enum.GetValues<FrameType>().Select(type =>
            $"0x{(int)type:x2} {Regex.Replace(type.ToString(), "^(Peer|Member|Hub)", "")}");
        IEnumerable<string> onPage =
            Regex.Matches(s_page, @"^    (0x[0-9a-f]{2} \w+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        Assert.Equal(frames.Order(), onPage.Order());
    }

    [Fact]
    public void EveryGoldenFrameIsOnThePageAndNoOther() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Folder(), "Golden")).Select(Path.GetFileName).Order(),
        Regex.Matches(s_page, @"[\w-]+\.hex").Select(match => match.Value).Distinct().Order());

    [Theory]
    [InlineData("0", "Alive", "Ready", "Leave", "Start", "Seen")]
    [InlineData("16 KiB", "Introduction", "Join", "Lose", "Count", "Welcome", "Refuse", "Joined", "Gone",
        "Lost", "Advance", "Look", "Reach", "Call", "Clock", "Order", "Clocked", "Answer")]
    [InlineData("64 KiB", "Have", "Request", "Cancel", "Decline")]
    [InlineData("1 MiB", "Hold", "Describe", "Share", "Own", "Follow")]
    [InlineData("2 MiB", "Finished")]
    [InlineData("36 bytes and 4 MiB", "Chunk")]
    public void TheLimitsAreThoseOfTheCode(string limit, params string[] names)
    {
        string row = Assert.Single(
            s_page.Split('\n'),
            line => line.StartsWith('|') && line.Contains($"| {limit}", StringComparison.Ordinal));
        int bytes = limit switch
        {
            "16 KiB" => 16 << 10,
            "64 KiB" => 64 << 10,
            "1 MiB" => 1 << 20,
            "2 MiB" => 2 << 20,
            "36 bytes and 4 MiB" => 36 + (4 << 20),
            _ => 0,
        };
        FrameType[] limited = [.. Enum.GetValues<FrameType>().Where(type => Framing.LimitOf(type) == bytes)];
        Assert.All(names, name => Assert.Contains(name, row, StringComparison.Ordinal));
        Assert.Equal(
            names.Order(),
            limited.Select(
                type => Regex.Replace(type.ToString(), "^(Peer|Member|Hub)", "")).Distinct().Order());
    }

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
