using System.Collections.Concurrent;
using System.Threading.Channels;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>
/// Connections within the process, for hosts without sockets: in tests, and in rehearsals. Every instance is a network
/// of its own; any number of machines share it. Host names are not resolved: one dials what somebody listens on.
/// </summary>
public sealed class InMemoryTransport : ITransport
{
    /// <summary>
    /// Bytes that one direction of a connection holds before its writer waits, as a socket's buffers do.
    /// </summary>
    public const int BufferBytes = 256 * 1024;

    private const int FirstFreePort = 49152;

    private readonly ConcurrentDictionary<EndpointText, InMemoryListener> _listeners = new();
    private int _lastPort = FirstFreePort - 1;

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(
        EndpointText endpoint, CancellationToken cancellationToken)
    {
        EndpointText local = endpoint.Port != 0
            ? endpoint
            : endpoint with { Port = Interlocked.Increment(ref _lastPort) };
        var listener = new InMemoryListener(local, () => _listeners.TryRemove(local, out _));
        return _listeners.TryAdd(local, listener)
            ? ValueTask.FromResult<ITransportListener>(listener)
            : throw new IOException($"cannot listen on {endpoint}: the address is in use");
    }

    /// <inheritdoc/>
    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        if (!_listeners.TryGetValue(endpoint, out InMemoryListener? listener))
        {
            return new DialResult.Failed($"cannot connect to {endpoint}: nobody listens there");
        }

        EndpointText local = endpoint with { Port = Interlocked.Increment(ref _lastPort) };
        (TransportConnection near, TransportConnection far) =
            InMemoryStream.Connect(local, endpoint, BufferBytes);
        if (await listener.TryOfferAsync(far, cancellationToken))
        {
            return new DialResult.Connected(near);
        }

        near.Dispose();
        far.Dispose();
        return new DialResult.Failed($"cannot connect to {endpoint}: nobody listens there");
    }

    private sealed class InMemoryListener(EndpointText local, Action closed) : ITransportListener
    {
        private const int Backlog = 512;

        private readonly Channel<TransportConnection> _arrived =
            Channel.CreateBounded<TransportConnection>(Backlog);

        public EndpointText Local => local;

        public async ValueTask<bool> TryOfferAsync(
            TransportConnection connection, CancellationToken cancellationToken)
        {
            try
            {
                await _arrived.Writer.WriteAsync(connection, cancellationToken);
                return true;
            }
            catch (ChannelClosedException)
            {
                return false;
            }
        }

        public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            await _arrived.Reader.WaitToReadAsync(cancellationToken)
                && _arrived.Reader.TryRead(out TransportConnection? connection)
                ? connection
                : null;

        public ValueTask DisposeAsync()
        {
            closed();
            _arrived.Writer.TryComplete();
            while (_arrived.Reader.TryRead(out TransportConnection? connection))
            {
                connection.Dispose();
            }

            return ValueTask.CompletedTask;
        }
    }
}
