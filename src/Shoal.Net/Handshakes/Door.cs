using System.Threading.Channels;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>What a <see cref="Door"/> lets in.</summary>
public sealed record DoorOptions
{
    /// <summary>Who one is and who may come in.</summary>
    public required HandshakeOptions Handshake { get; init; }

    /// <summary>
    /// Connections that are open at once; 4096 by default. Further ones are told that it is busy.
    /// </summary>
    public int MostConnections { get; init; } = 4096;

    /// <summary>
    /// Handshakes under way at once; 256 by default. When one more arrives the oldest is dropped: an honest
    /// one takes a round trip or two, so those that wait longest are those that say nothing.
    /// </summary>
    public int MostHandshakes { get; init; } = 256;

    /// <summary>
    /// Takes connections that begin with something else than a hello, for which the door then waits before it says
    /// anything; null by default: they are not let in.
    /// </summary>
    public Action<TransportConnection>? Other { get; init; }

    /// <summary>Is told who was not let in, and why; from any thread.</summary>
    public Action<EndpointText, string>? Refused { get; init; }
}

/// <summary>Listens at an address, and lets in who proves to belong there.</summary>
public sealed class Door : IDoor
{
    private readonly ITransportListener _listener;
    private readonly DoorOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<TransportConnection> _arrived;
    private readonly List<Arrival> _arrivals = [];
    private readonly Task _accepting;
    private int _open;
    private int _isDisposed;

    /// <summary>A door at a listener, which it owns from now on.</summary>
    public Door(ITransportListener listener, DoorOptions options)
    {
        _listener = listener;
        _options = options;
        _arrived = Channel.CreateBounded<TransportConnection>(options.MostConnections);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where it listens.</summary>
    public EndpointText Local => _listener.Local;

    /// <summary>Connections that came in and are not closed yet.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Waits for the next one who proved to belong here; null: the door is closed.</summary>
    public async ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        await _arrived.Reader.WaitToReadAsync(cancellationToken)
            && _arrived.Reader.TryRead(out TransportConnection? connection)
            ? connection
            : null;

    /// <summary>
    /// Stops listening; handshakes under way end, connections that came in stay with their owners.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
        while (_arrived.Reader.TryRead(out TransportConnection? connection))
        {
            connection.Dispose();
        }

        _closing.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (await _listener.AcceptAnyAsync(
                _options.Refused, _options.Handshake.Time, _closing.Token) is { } connection)
            {
                await MakeRoomAsync();
                _arrivals.Add(new Arrival(this, connection));
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The door is being closed.
        }

        foreach (Arrival arrival in _arrivals)
        {
            await arrival.Handshaking;
        }

        _arrived.Writer.TryComplete();
    }

    /// <summary>Forgets finished handshakes, and drops the oldest if there are too many.</summary>
    private async ValueTask MakeRoomAsync()
    {
        _arrivals.RemoveAll(arrival => arrival.Handshaking.IsCompleted);
        if (_arrivals.Count >= _options.MostHandshakes)
        {
            Arrival oldest = _arrivals[0];
            _arrivals.RemoveAt(0);
            await oldest.DropAsync();
        }
    }

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= _options.MostConnections)
        {
            return true;
        }

        Leave();
        return false;
    }

    private void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>A connection from its arrival to the end of its handshake.</summary>
    private sealed class Arrival
    {
        private readonly Door _door;
        private TransportConnection _connection;
        private readonly CancellationTokenSource _dropped;
        private bool _hasEntered;

        public Arrival(Door door, TransportConnection connection)
        {
            _door = door;
            _connection = connection;
            _dropped = CancellationTokenSource.CreateLinkedTokenSource(door._closing.Token);
            Handshaking = ReceiveAsync();
        }

        /// <summary>Ends when the handshake has; never fails.</summary>
        public Task Handshaking { get; }

        public async ValueTask DropAsync()
        {
            try
            {
                await _dropped.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself in this very moment.
            }

            await Handshaking;
        }

        private async Task ReceiveAsync()
        {
            string? refused = null;
            bool isSilent = false;
            try
            {
                HandshakeRefusal? refusal = null;
                if (_door._options.Other is { } other)
                {
                    FirstWords words = await FirstWords.HearAsync(
                        _connection, _door._options.Handshake, _dropped.Token);
                    (_connection, isSilent, refusal) = (words.Connection, words.IsSilent, words.Refusal);
                    if (refusal is null && !words.IsHello)
                    {
                        _dropped.Dispose();
                        other(_connection);
                        return;
                    }
                }

                refusal ??= await Handshake.RespondAsync(
                    _connection, _door._options.Handshake, TryEnter, _dropped.Token);
                refused = refusal?.Describe();
            }
            catch (OperationCanceledException)
            {
                // A door that is being closed ends what is under way, and need not tell of it.
                refused = "dropped before the hello was over, for others that came later";
                isSilent |= _door._closing.IsCancellationRequested;
            }

            _dropped.Dispose();
            if (_hasEntered)
            {
                _connection.WhenClosed(_door.Leave);
            }

            if (refused is null && _door._arrived.Writer.TryWrite(_connection))
            {
                return;
            }

            _connection.Dispose();

            // Whoever only looks whether somebody is here says nothing, and there is nothing to say about it.
            if (refused is not null && !isSilent)
            {
                _door._options.Refused?.Invoke(_connection.Remote, refused);
            }
        }

        private bool TryEnter() => _hasEntered = _door.TryEnter();
    }
}
