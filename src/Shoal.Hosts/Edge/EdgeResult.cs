namespace Shoal.Hosts.Edge;

/// <summary>What an edge's run came to.</summary>
/// <param name="IsComplete">Whether the origin said that everybody has everything.</param>
/// <param name="FilledBytes">What it received from the origin.</param>
/// <param name="SentBytes">What clients took from it.</param>
/// <param name="PeakBytes">What it held at most, fills under way included.</param>
public sealed record EdgeResult(bool IsComplete, long FilledBytes, long SentBytes, long PeakBytes);
