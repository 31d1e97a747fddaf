using Shoal.Core.Roster;
using Shoal.Net.Handshakes;

namespace Shoal.Net.Transport;

/// <summary>What a <see cref="PlainDoor"/> is told.</summary>
public sealed record PlainDoorOptions
{
    /// <summary>Connections at the same time; 10,000 by default. One more is closed without a word.</summary>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told when somebody is not let in, with the reason.</summary>
    public Action<EndpointText, string>? Refused { get; init; }
}

/// <summary>
/// Lets in everybody, without a hello, as the protocols of others want it. Whoever takes a connection disposes of it.
/// </summary>
public sealed class PlainDoor(ITransportListener listener, PlainDoorOptions options) : IDoor
{
    private int _open;

    /// <summary>Where it listens, with the port that was chosen if any was right.</summary>
    public EndpointText Local => listener.Local;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Waits for the next connection; null: the door is closed.</summary>
    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await listener.AcceptAnyAsync(options.Refused, options.Time, cancellationToken) is { } connection)
        {
            if (Interlocked.Increment(ref _open) <= options.MostConnections)
            {
                connection.WhenClosed(() => Interlocked.Decrement(ref _open));
                return connection;
            }

            Interlocked.Decrement(ref _open);
            options.Refused?.Invoke(
                connection.Remote, $"{options.MostConnections} connections are open already");
            connection.Dispose();
        }

        return null;
    }

    /// <summary>Stops listening; connections that came in stay with their owners.</summary>
    public ValueTask DisposeAsync() => listener.DisposeAsync();
}
