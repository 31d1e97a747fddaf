namespace Shoal.Core.Roster;

/// <summary>A name for people that nobody else has.</summary>
public static class FreeName
{
    /// <summary>The name that somebody would like, with a suffix from <c>-2</c> on if it is taken.</summary>
    /// <param name="wanted">The name that it would like.</param>
    /// <param name="isTaken">Whether somebody has a name.</param>
    public static string Of(string wanted, Func<string, bool> isTaken)
    {
        string name = wanted;
        for (int suffix = 2; isTaken(name); suffix++)
        {
            name = $"{wanted}-{suffix}";
        }

        return name;
    }
}
