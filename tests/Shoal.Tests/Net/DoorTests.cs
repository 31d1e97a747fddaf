using System.Collections.Concurrent;
using System.Security.Cryptography;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class DoorTests
{
    private static readonly EndpointText s_address = new("hub", 9999);

    private readonly TestTime _time = new();
    private readonly InMemoryTransport _transport = new();
    private readonly ConcurrentQueue<string> _refused = new();
    private readonly SwarmKey _key = NewKey();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Hang.Limit)]
    public async Task WhoProvesToBelongComesIn()
    {
        await using Door door = await OpenAsync();
        DialResult.Connected dialled = Assert.IsType<DialResult.Connected>(await DialAsync(_key));
        TransportConnection? entered = await door.AcceptAsync(Stop);
        await dialled.Connection.SayAsync([42]);
        var heard = new byte[1];
        await entered!.Stream.ReadExactlyAsync(heard, Stop);
        Assert.Equal(42, heard[0]);
        Assert.Equal(1, door.OpenConnections);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task WhoDoesNotIsToldWhyAndLogged()
    {
        await using Door door = await OpenAsync();
        DialResult.Failed failed = Assert.IsType<DialResult.Failed>(await DialAsync(NewKey()));
        Assert.Equal(HandshakeRefusal.WrongKey, failed.Refusal);
        Assert.Contains("another key", failed.Reason, StringComparison.Ordinal);
        await door.DisposeAsync();
        Assert.Contains(HandshakeRefusal.WrongKey.Describe(), _refused);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AFloodOfSilentConnectionsStarvesNobody()
    {
        await using Door door = await OpenAsync(mostHandshakes: 4);
        for (int i = 0; i < 20; i++)
        {
            Assert.IsType<DialResult.Connected>(await _transport.DialAsync(s_address, Stop));
        }

        Assert.IsType<DialResult.Connected>(await DialAsync(_key));
        Assert.NotNull(await door.AcceptAsync(Stop));
        Assert.InRange(_refused.Count, 16, 17);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task ASilentConnectionIsDroppedAfterFiveSeconds()
    {
        await using Door door = await OpenAsync();
        var dialled = (DialResult.Connected)await _transport.DialAsync(s_address, Stop);

        // Whoever has heard the door's hello knows that its time runs.
        await dialled.Connection.Stream.ReadExactlyAsync(new byte[Hello.Size], Stop);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(await dialled.Connection.ReadAllAsync());
        await door.DisposeAsync();
        Assert.Equal([HandshakeRefusal.TimedOut.Describe()], _refused);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AFullDoorSaysSoUntilSomebodyLeaves()
    {
        await using Door door = await OpenAsync(mostConnections: 1);
        Assert.IsType<DialResult.Connected>(await DialAsync(_key));
        TransportConnection? first = await door.AcceptAsync(Stop);
        Assert.Equal(HandshakeRefusal.Busy, Assert.IsType<DialResult.Failed>(await DialAsync(_key)).Refusal);

        first!.Dispose();

        Assert.Equal(0, door.OpenConnections);
        Assert.IsType<DialResult.Connected>(await DialAsync(_key));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AClosedDoorEndsItsHandshakesAndLetsNobodyIn()
    {
        Door door = await OpenAsync();
        var silent = (DialResult.Connected)await _transport.DialAsync(s_address, Stop);
        ValueTask<TransportConnection?> accepting = door.AcceptAsync(Stop);

        await door.DisposeAsync();

        Assert.Null(await accepting);
        Assert.InRange((await silent.Connection.ReadAllAsync()).Length, 0, Hello.Size);
        DialResult.Failed failed = Assert.IsType<DialResult.Failed>(await DialAsync(_key));
        Assert.Equal("cannot connect to hub:9999: nobody listens there", failed.Reason);
        Assert.Empty(_refused);
    }

    private async Task<Door> OpenAsync(int mostHandshakes = 256, int mostConnections = 4096)
    {
        ITransportListener listener = await _transport.ListenAsync(s_address, Stop);
        return new Door(listener, new DoorOptions
        {
            Handshake = Options(EndRole.Hub, EndRole.Member, _key),
            MostHandshakes = mostHandshakes,
            MostConnections = mostConnections,
            Refused = (_, reason) => _refused.Enqueue(reason),
        });
    }

    private ValueTask<DialResult> DialAsync(SwarmKey key) =>
        new Dialer(_transport, Options(EndRole.Member, EndRole.Hub, key)).DialAsync(s_address, Stop);

    private static SwarmKey NewKey() => new(RandomNumberGenerator.GetBytes(SwarmKey.Size));

    private HandshakeOptions Options(EndRole role, EndRole expected, SwarmKey key) =>
        new() { Role = role, Expected = expected, Key = key, Time = _time };
}
