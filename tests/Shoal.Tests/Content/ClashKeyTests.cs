using System.Text;
using Shoal.Core.Content;

namespace Shoal.Tests.Content;

public sealed class ClashKeyTests
{
    // Escapes on purpose: an editor could change the form of what is compared.
    [Theory]
    [InlineData("README", "readme")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("CAF\u00c9", "cafe\u0301")]
    [InlineData("\u00c5", "\u212b")] // A with ring, the angstrom sign
    [InlineData("\u212a", "k")] // the kelvin sign
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")] // Hangul
    [InlineData("\u017f\u1e9b", "Ss\u0307")] // long s
    [InlineData("\uac00", "\u1100\u1161")] // a syllable without a trail
    [InlineData("\u1e69", "s\u0323\u0307")] // s with dot below and dot above
    [InlineData("s\u0307\u0323", "s\u0323\u0307")] // the same marks in another order
    [InlineData("\u0391\u03a3", "\u03b1\u03c2")] // final sigma
    [InlineData("\u1e9e", "\u00df")] // capital sharp s
    [InlineData("\u0416\u0439", "\u0436\u0418\u0306")] // Cyrillic
    [InlineData("\u0531", "\u0561")] // Armenian
    [InlineData("\u10a0", "\u2d00")] // Georgian
    [InlineData("\u0958", "\u0915\u093c")] // Devanagari
    [InlineData("\u30ac", "\u30ab\u3099")] // katakana
    [InlineData("\u05e9\u05c1\u05bc", "\ufb2c")] // Hebrew
    [InlineData("\u1fb3", "\u1fbc")] // Greek with iota below
    [InlineData("\ud801\udc00", "\ud801\udc28")] // Deseret, beyond the first plane
    [InlineData("\ud804\udc9a", "\ud804\udc99\ud804\udcba")] // Kaithi, beyond the first plane
    [InlineData("\uf900", "\u8c48")] // a compatibility ideograph that is canonical
    [InlineData("\u01c4", "\u01c6")] // digraphs with three cases
    public void Case_and_form_do_not_matter(string a, string b) =>
        Assert.Equal(ClashKey.Of(a), ClashKey.Of(b));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "a ")]
    [InlineData("e\u0301", "e\u0300")]
    [InlineData("s\u0301\u0300", "s\u0300\u0301")] // equal classes: their order counts
    [InlineData("\u00df", "ss")]
    [InlineData("\ufb01", "fi")] // a compatibility ligature is another character
    [InlineData("\u0131", "i")]
    [InlineData("\uff21", "A")]
    public void Other_characters_do(string a, string b) => Assert.NotEqual(ClashKey.Of(a), ClashKey.Of(b));

    [Fact]
    public void The_key_of_a_key_is_itself_for_every_character_of_two_planes()
    {
        for (int code = 1; code < 0x20000; code = code == 0xD7FF ? 0xE000 : code + 1)
        {
            string key = ClashKey.Of(new Rune(code).ToString()).ToString();
            Assert.Equal(key, ClashKey.Of(key).ToString());
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_error() =>
        Assert.Equal("a\ufffd", ClashKey.Of("A\ud800").ToString());
}
