using Shoal.Core.Members;

namespace Shoal.Tests.Members;

public sealed class FieldTests
{
    public static TheoryData<string, bool> Names() => new()
    {
        { "a", true },
        { "anna-1_2.txt", true },
        { "Ünïcödé", true },
        { "\U0001F41F", true },
        { new string('x', 255), true },
        { new string('ü', 127) + "x", true },
        { "", false },
        { new string('x', 256), false },
        { new string('ü', 128), false },
        { "a b", false },
        { "a\tb", false },
        { "a\u00A0b", false },
        { "a\nb", false },
        { "a\0b", false },
        { "a\u007Fb", false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_has_up_to_255_bytes_without_blanks_and_control_characters(string text, bool isName)
    {
        Assert.Equal(isName, UserName.TryCreate(text, out UserName user));
        Assert.Equal(isName, PublicationName.TryCreate(text, out PublicationName file));
        Assert.Equal(isName ? text : "", user.Value);
        Assert.Equal(isName ? text : "", file.Value);
    }

    // Facts: the runner would mend these texts on their way to a theory.
    [Fact]
    public void Half_a_character_is_no_text()
    {
        foreach (string text in (string[])["\uD83D", "a\uDC1F\uD83D"])
        {
            Assert.False(UserName.TryCreate(text, out _));
            Assert.False(Description.TryCreate(text, out _));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" two  blanks ", true)]
    [InlineData("a\ttab", true)]
    [InlineData("'\"\\", true)]
    [InlineData("a\nb", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\u0085b", false)]
    public void A_description_may_have_blanks(string text, bool isDescription)
    {
        Assert.Equal(isDescription, Description.TryCreate(text, out Description description));
        Assert.Equal(isDescription ? text : "", description.Value);
    }

    [Fact]
    public void A_description_has_up_to_255_bytes()
    {
        Assert.True(Description.TryCreate(new string('x', 255), out _));
        Assert.False(Description.TryCreate(new string('x', 256), out _));
        Assert.False(Description.TryCreate(new string('x', 254) + "ü", out _));
    }
}
