using Shoal.Core.Wire.Handshake;

namespace Shoal.Net.Transport;

/// <summary>What became of an attempt to open a connection.</summary>
public abstract record DialResult
{
    private DialResult()
    {
    }

    /// <summary>It is open.</summary>
    /// <param name="Connection">The connection; the caller's to dispose of.</param>
    public sealed record Connected(TransportConnection Connection) : DialResult;

    /// <summary>It could not be opened.</summary>
    /// <param name="Reason">Why, for people.</param>
    /// <param name="Refusal">
    /// Why the hello failed, if it was that: then another try gives the same, mostly.
    /// </param>
    public sealed record Failed(string Reason, HandshakeRefusal? Refusal = null) : DialResult;
}
