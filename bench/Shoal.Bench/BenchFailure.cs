namespace Shoal.Bench;

/// <summary>A measurement cannot be made; the message says why.</summary>
internal sealed class BenchFailure(string message) : Exception(message);
