namespace Shoal.Hosts.Common;

/// <summary>A host cannot do its work; the message says what failed, where, and what to do.</summary>
public sealed class HostException(string message, Exception? cause = null) : Exception(message, cause);
