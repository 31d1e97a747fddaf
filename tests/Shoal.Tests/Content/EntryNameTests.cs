using Shoal.Core.Content;

namespace Shoal.Tests.Content;

public sealed class EntryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c.txt")]
    [InlineData(".hidden/..almost")]
    [InlineData("Acme Inc./what? 1: <intro>.txt")]
    [InlineData("console/con1.txt/com10/lpt/nullable")]
    [InlineData("sub/.shoal")]
    [InlineData(".shoals")]
    [InlineData("日本語/한국어/Ελληνικά/עברית/हिन्दी/🐟.txt")]
    [InlineData("-rf")]
    [InlineData("~/x")]
    public void Takes_what_is_safe(string text)
    {
        Assert.True(EntryName.TryParse(text, out EntryName name, out string? reason), reason);
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("//host/share", "absolute")]
    [InlineData("a//b", "between two '/'")]
    [InlineData("a/", "between two '/'")]
    [InlineData(".", "does not name a file")]
    [InlineData("..", "does not name a file")]
    [InlineData("a/../../b", "'..'")]
    [InlineData("a/./b", "'.'")]
    [InlineData(".. /b", "'.. '")]
    [InlineData("a/...", "'...'")]
    [InlineData("a/ /b", "' '")]
    [InlineData("C:", "drive")]
    [InlineData("c:/windows", "drive")]
    [InlineData("a/D:x", "drive")]
    [InlineData("a\\b", "backslash")]
    [InlineData("..\\..\\x", "backslash")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u001b[2Jb", "U+001B")]
    [InlineData("a\u007f", "U+007F")]
    [InlineData("a\u0085", "U+0085")]
    [InlineData("CON", "device")]
    [InlineData("a/nul", "device")]
    [InlineData("Aux.txt", "device")]
    [InlineData("prn.tar.gz/x", "device")]
    [InlineData("COM1", "device")]
    [InlineData("com²", "device")]
    [InlineData("Lpt9 .log", "device")]
    [InlineData("CONIN$", "device")]
    [InlineData("conout$.x", "device")]
    [InlineData(".shoal", "own state")]
    [InlineData(".shoal/peer-id", "own state")]
    [InlineData(".SHOAL/x", "own state")]
    [InlineData(".Shoal. /x", "own state")]
    [InlineData(".\u017fhoal/x", "own state")]
    public void Refuses_with_a_reason(string text, string reason)
    {
        Assert.False(EntryName.TryParse(text, out EntryName name, out string? said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.EndsWith(".", said, StringComparison.Ordinal);
        Assert.Equal("", name.Value);
        Assert.Throws<FormatException>(() => EntryName.Parse(text));
    }

    // Not theory data: half a pair does not survive the way through a test runner.
    [Fact]
    public void Refuses_half_a_surrogate_pair()
    {
        foreach (string text in (string[])["a\uD800", "\uDC00a", "a/\uD83D/b", "\uDC00\uD800"])
        {
            Assert.False(EntryName.TryParse(text, out _, out string? reason));
            Assert.Contains("surrogate", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Counts_bytes_not_characters()
    {
        Assert.True(EntryName.TryParse(new string('a', 255), out _, out _));
        Assert.False(EntryName.TryParse(new string('a', 256), out _, out _));
        Assert.True(EntryName.TryParse(new string('日', 85), out _, out _));
        Assert.False(EntryName.TryParse(new string('日', 86), out _, out string? reason));
        Assert.Contains("255 bytes", reason, StringComparison.Ordinal);

        string most = string.Concat(Enumerable.Repeat("日本語/", 409)) + "123456";
        Assert.Equal(EntryName.MostBytes, System.Text.Encoding.UTF8.GetByteCount(most));
        Assert.True(EntryName.TryParse(most, out _, out _));
        Assert.False(EntryName.TryParse(most + "7", out _, out reason));
        Assert.Contains("4096 bytes", reason, StringComparison.Ordinal);
        Assert.False(EntryName.TryParse(new string('a', 10_000_000), out _, out reason));
        Assert.Contains("4096 bytes", reason, StringComparison.Ordinal);
    }
}
