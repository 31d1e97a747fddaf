namespace Shoal.Hosts.Peer;

/// <summary>A peer cannot do its work; the message says what failed, where, and what to do.</summary>
public sealed class PeerException(string message, Exception? cause = null) : Exception(message, cause);
