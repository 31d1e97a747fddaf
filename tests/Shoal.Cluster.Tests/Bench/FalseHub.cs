using System.Collections.Concurrent;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// Listens where a hub should be, shakes hands as one, and says what its test wants to whoever comes.
/// </summary>
internal sealed class FalseHub : IAsyncDisposable
{
    private readonly Door _door;
    private readonly byte[] _words;
    private readonly ConcurrentBag<TransportConnection> _connections = [];
    private readonly Task _serving;

    private FalseHub(ITransportListener listener, byte[] words)
    {
        _words = words;
        _door = new Door(listener, new DoorOptions
        {
            Handshake = new HandshakeOptions { Role = EndRole.Hub, Expected = EndRole.Member },
        });
        _serving = ServeAsync();
    }

    public static async Task<FalseHub> OpenAsync(ITransport network, EndpointText address, params byte[] words) =>
        new(await network.ListenAsync(address, TestContext.Current.CancellationToken), words);

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _serving;
        foreach (TransportConnection connection in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        while (await _door.AcceptAsync(CancellationToken.None) is { } connection)
        {
            _connections.Add(connection);
            await connection.Stream.WriteAsync(_words);
        }
    }
}
