using Shoal.Core.Roster;

namespace Shoal.Tests.Roster;

public sealed class FreeNameTests
{
    [Theory]
    [InlineData("anna", "anna")]
    [InlineData("anna", "anna", "ben", "anna-2")]
    [InlineData("ben", "ben-2", "ben")]
    [InlineData("ben", "ben-4", "ben", "ben-2", "ben-3")]
    [InlineData("ben-2", "ben-2-2", "ben-2")]
    public void A_name_that_is_taken_gets_the_first_suffix_that_is_free(
        string wanted, string given, params string[] taken) =>
        Assert.Equal(given, FreeName.Of(wanted, taken.Contains));
}
