using Shoal.Core.Wire.Handshake;

namespace Shoal.Tests.Wire;

public sealed class SwarmKeyTests
{
    private static readonly SwarmKey s_key =
        new([.. Enumerable.Range(0, SwarmKey.Size).Select(i => (byte)(7 * i))]);

    [Fact]
    public void AKeysTextReadsBack()
    {
        Assert.True(SwarmKey.TryParse($"  {s_key.Reveal()}\n", out SwarmKey? back, out _));
        Assert.Equal(s_key.Reveal(), back.Reveal());
    }

    [Fact]
    public void AKeyDoesNotShowItselfByAccident() => Assert.Equal("shoal-key-(secret)", $"{s_key}");

    [Fact]
    public void EveryWrongCharacterIsFound()
    {
        string text = s_key.Reveal();
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char wrong in "aA0_-.é")
            {
                string changed = text[..i] + wrong + text[(i + 1)..];
                Assert.Equal(changed == text, SwarmKey.TryParse(changed, out _, out string? reason));
                Assert.Equal(changed == text, reason is null);
            }
        }
    }

    [Fact]
    public void AKeyThatIsCutOffOrTooLongIsFound()
    {
        string text = s_key.Reveal();
        for (int length = 0; length < text.Length; length++)
        {
            Assert.False(SwarmKey.TryParse(text[..length], out _, out _));
        }

        Assert.False(SwarmKey.TryParse(text + "A", out _, out _));
        Assert.False(SwarmKey.TryParse(text + text, out _, out _));
    }
}
