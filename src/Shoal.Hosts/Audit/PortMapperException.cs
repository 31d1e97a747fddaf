namespace Shoal.Hosts.Audit;

/// <summary>The port mapper cannot be told of a program; the message says why.</summary>
public sealed class PortMapperException(string message) : IOException(message);
