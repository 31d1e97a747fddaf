using System.Collections.Immutable;

namespace Shoal.Core.Lottery;

/// <summary>What an agency gets that asks for its winners.</summary>
public abstract record WinnersAnswer
{
    private WinnersAnswer()
    {
    }

    /// <summary>The draw is not held yet.</summary>
    public sealed record NotYet : WinnersAnswer;

    /// <summary>The draw is held.</summary>
    /// <param name="Documents">The winners' documents; perhaps none.</param>
    public sealed record Held(ImmutableArray<string> Documents) : WinnersAnswer;

    /// <summary>It is not on the roster, or there is no such draw.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refuse(string Reason) : WinnersAnswer;
}
