namespace Shoal.Bench.Contest;

/// <summary>One way to bring every file to every peer.</summary>
internal interface IContestant
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>Brings every file to every peer of an arena that was just reset.</summary>
    Task<RunFigures> RunAsync(Arena arena, CancellationToken cancellation);
}

/// <summary>What a run measured.</summary>
/// <param name="Warm">
/// Seconds from the moment that all peers are ready (own files hashed) to the last finish.
/// </param>
/// <param name="Cold">
/// Seconds from the start of the peers' processes to the last finish; null: makes no difference.
/// </param>
/// <param name="PeakBytes">The peak memory of each peer's process; empty: of no interest.</param>
internal sealed record RunFigures(double Warm, double? Cold, IReadOnlyList<long> PeakBytes);
