namespace Shoal.Hosts.Edge;

/// <summary>An origin, edge or client cannot go on; the message says why and what to do.</summary>
public sealed class TierException(string message, Exception? inner = null) : Exception(message, inner);
