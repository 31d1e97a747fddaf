using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>How connections come about: over TCP, or within the process.</summary>
public interface ITransport
{
    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">It cannot be listened there; the message says why.</exception>
    ValueTask<ITransportListener> ListenAsync(EndpointText endpoint, CancellationToken cancellationToken);

    /// <summary>Opens a connection.</summary>
    ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken);
}

/// <summary>A place where connections arrive.</summary>
public interface ITransportListener : IAsyncDisposable
{
    /// <summary>Where it listens, with the port that was chosen if any was right.</summary>
    EndpointText Local { get; }

    /// <summary>Waits for the next connection; null: the listener is closed.</summary>
    /// <exception cref="IOException">
    /// This one failed, or the machine is short of something; the next may do.
    /// </exception>
    ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken);
}
