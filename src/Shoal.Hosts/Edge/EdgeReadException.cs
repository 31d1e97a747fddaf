namespace Shoal.Hosts.Edge;

/// <summary>A content cannot be read on at an edge; the message says why.</summary>
internal sealed class EdgeReadException(string message) : Exception(message);
