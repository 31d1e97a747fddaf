namespace Shoal.Core.Lottery;

/// <summary>How an agency goes about its work.</summary>
public sealed record AgencyPolicy
{
    /// <summary>Batches in flight at most, at any agency.</summary>
    public const int LargestWindow = 256;

    /// <summary>Batches in flight at most, from 1 to <see cref="LargestWindow"/>; 16 by default.</summary>
    public int Window { get; init; } = 16;

    /// <summary>The first wait after a failure; each further one is twice as long. 100 ms by default.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait after a failure; 10 s by default.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Failures in a row, without anything new stored between them, before it gives up; 60 by default, which is about
    /// eight minutes without a hub.
    /// </summary>
    public int MostFailures { get; init; } = 60;

    /// <summary>The first wait for a draw that is not held yet; 10 ms by default.</summary>
    public TimeSpan FirstLook { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// How many times as long each further one is; 1.2 by default, so that a held draw is found within a fifth of the
    /// time that was waited for it.
    /// </summary>
    public double LookGrowth { get; init; } = 1.2;

    /// <summary>The longest wait between two questions for the winners; 1 s by default.</summary>
    public TimeSpan LongestLook { get; init; } = TimeSpan.FromSeconds(1);
}
