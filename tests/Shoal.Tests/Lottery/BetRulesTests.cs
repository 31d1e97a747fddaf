using Shoal.Core.Lottery;

namespace Shoal.Tests.Lottery;

/// <summary>Every field of a bet, wrong in every way.</summary>
public sealed class BetRulesTests
{
    private static BetFields Right => new("1", "Ana", "Paz", "30904465", "1999-03-17", "7574");

    [Fact]
    public void A_right_bet_is_read_as_it_was_written()
    {
        Assert.True(BetRules.TryRead(Right, Bets.Today, out Bet? bet, out _));
        Assert.Equal(
            new Bet(new AgencyId(1), "Ana", "Paz", "30904465", new DateOnly(1999, 3, 17), 7574), bet);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("9999")]
    [InlineData("0042")]
    public void Every_number_of_the_range_can_be_bet_on(string number) =>
        Assert.True(BetRules.TryRead(Right with { Number = number }, Bets.Today, out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("x")]
    [InlineData("2147483648")]
    public void A_wrong_agency_is_named(string text) => Expect(Right with { Agency = text }, BetField.Agency);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public void A_wrong_name_is_named(string text)
    {
        Expect(Right with { FirstName = text }, BetField.FirstName);
        Expect(Right with { LastName = text }, BetField.LastName);
    }

    [Fact]
    public void A_name_may_have_so_many_characters_and_not_one_more()
    {
        string longest = new('a', BetRules.LongestName);
        Assert.True(BetRules.TryRead(Right with { FirstName = longest }, Bets.Today, out _, out _));
        Expect(Right with { FirstName = longest + "a" }, BetField.FirstName);
        Expect(Right with { LastName = longest + "a" }, BetField.LastName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12a")]
    [InlineData("-12")]
    [InlineData("1 2")]
    [InlineData("\u0661")]
    [InlineData("1234567890123456789")]
    public void A_wrong_document_is_named(string text) => Expect(Right with { Document = text }, BetField.Document);

    [Theory]
    [InlineData("")]
    [InlineData("1999-3-17")]
    [InlineData("17-03-1999")]
    [InlineData("1999/03/17")]
    [InlineData("1999-02-29")]
    [InlineData("1999-13-01")]
    [InlineData("1999-00-10")]
    [InlineData("0000-01-01")]
    [InlineData("1999-03-00")]
    [InlineData("1999-04-31")]
    [InlineData("1900-02-29")]
    [InlineData("1999-03-1a")]
    [InlineData("1999-03- 1")]
    [InlineData("\u0661999-03-17")]
    [InlineData("1999-03-17T00:00")]
    [InlineData("2025-06-02")]
    public void A_wrong_birth_date_is_named(string text) =>
        Expect(Right with { BirthDate = text }, BetField.BirthDate);

    [Fact]
    public void Every_day_is_a_date_as_the_framework_writes_it()
    {
        var last = new DateOnly(2025, 6, 1);
        for (var day = new DateOnly(1896, 1, 1); day <= last; day = day.AddDays(1))
        {
            Assert.True(BetRules.TryRead(Right with { BirthDate = $"{day:O}" }, last, out Bet? bet, out _));
            Assert.Equal(day, bet.BirthDate);
        }
    }

    [Fact]
    public void Somebody_may_be_born_today() =>
        Assert.True(BetRules.TryRead(Right with { BirthDate = "2025-06-01" }, Bets.Today, out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("10000")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    public void A_wrong_number_is_named(string text) => Expect(Right with { Number = text }, BetField.Number);

    private static void Expect(BetFields fields, BetField field)
    {
        Assert.False(BetRules.TryRead(fields, Bets.Today, out Bet? bet, out BetFault? fault));
        Assert.Null(bet);
        Assert.Equal(field, fault!.Field);
    }
}
