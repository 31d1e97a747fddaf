namespace Shoal.Cli.Demo;

/// <summary>How a job of a demo went.</summary>
internal sealed record DemoResult
{
    /// <summary>The job.</summary>
    public required DemoJob Job { get; init; }

    /// <summary>What was to be done, in a few words.</summary>
    public required string What { get; init; }

    /// <summary>How long it took; null: it was not done.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>What the time stands beside; null: nothing is known.</summary>
    public DemoBound? Bound { get; init; }

    /// <summary>What was compared and is right, a sentence each.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>What is wrong, a sentence each; empty: nothing.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The time as a multiple of the bound; null: unknown.</summary>
    public double? Ratio => Time is { } time && Bound is { Time: { Ticks: > 0 } least } ? time / least : null;
}

/// <summary>The least time in which a job could be done.</summary>
/// <param name="Time">The time.</param>
/// <param name="Source">How it is known.</param>
/// <param name="Of">What takes it, in a few words.</param>
internal sealed record DemoBound(TimeSpan Time, DemoBoundSource Source, string Of);

/// <summary>How a bound is known.</summary>
internal enum DemoBoundSource
{
    /// <summary>From links that are limited to what was declared: proven.</summary>
    Declared,

    /// <summary>From rates that were seen: proves nothing.</summary>
    Estimated,

    /// <summary>This machine was seen to take so long for the least that had to be done.</summary>
    Measured,
}
