using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Net;

/// <summary>What only real sockets can show; everything else is tested within the process.</summary>
public sealed class TcpTransportTests
{
    private const int TcpLevel = 6;

    private readonly TcpTransport _transport = new(new TcpOptions());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = Limits.Hang)]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "localhost")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("::", "::1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    [InlineData("*", "localhost")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public async Task ListensAndDials(string listen, string dial)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !(listen + dial).Contains(':'), "there is no IPv6 here");
        await using ITransportListener listener =
            await _transport.ListenAsync(new EndpointText(listen, 0), Stop);
        Assert.NotEqual(0, listener.Local.Port);

        DialResult.Connected dialled = Assert.IsType<DialResult.Connected>(
            await _transport.DialAsync(listener.Local with { Host = dial }, Stop));
        using TransportConnection near = dialled.Connection;
        using TransportConnection? far = await listener.AcceptAsync(Stop);

        Assert.Equal(near.Local, far!.Remote);
        Assert.Equal(near.Remote.Port, far.Local.Port);
        await near.Stream.WriteAsync("hello"u8.ToArray(), Stop);
        near.FinishSending();
        using var heard = new MemoryStream();
        await far.Stream.CopyToAsync(heard, Stop);
        Assert.Equal("hello"u8.ToArray(), heard.ToArray());
    }

    [Theory(Timeout = Limits.Hang)]
    [InlineData("127.0.0.1", "127.0.0.1", 54321)]
    [InlineData("0.0.0.0", "127.0.0.1", int.MaxValue)]
    [InlineData("::1", "::1", int.MaxValue)]
    [InlineData("::", "127.0.0.1", 54321)]
    public async Task WithinAMachineNothingBoundsOrPacesWhatIsUnderWay(string listen, string dial, int unsent)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !listen.Contains(':'), "there is no IPv6 here");
        var options = new TcpOptions { UnsentBytesWithinMachine = unsent };
        var transport = new TcpTransport(options);
        await using ITransportListener listener = await transport.ListenAsync(new EndpointText(listen, 0), Stop);
        DialResult.Connected dialled = Assert.IsType<DialResult.Connected>(
            await transport.DialAsync(listener.Local with { Host = dial }, Stop));
        using TransportConnection near = dialled.Connection;
        using TransportConnection? far = await listener.AcceptAsync(Stop);

        foreach (TransportConnection end in (TransportConnection[])[near, far!])
        {
            Assert.Null(end.Window);
            if (OperatingSystem.IsLinux())
            {
                Socket socket = Assert.IsType<NetworkStream>(end.Stream).Socket;
                Assert.Equal("reno", CongestionControlOf(socket));
                Assert.Equal(unsent, UnsentLimitOf(socket));
            }
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.5", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    public void AConnectionToAnAddressOfItsOwnStaysWithinTheMachine(string local, string remote, bool isWithin) =>
        Assert.Equal(isWithin, TcpTransport.IsWithinMachine(
            new IPEndPoint(IPAddress.Parse(local), 1), new IPEndPoint(IPAddress.Parse(remote), 2)));

    [Fact]
    public void WhateverTheSystemsCongestionControlItIsReplaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has the option");
        const int congestionControl = 13;
        string allowed = File.ReadAllText("/proc/sys/net/ipv4/tcp_allowed_congestion_control");
        foreach (string name in allowed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.SetRawSocketOption(TcpLevel, congestionControl, Encoding.ASCII.GetBytes(name));
            Assert.Equal(name, CongestionControlOf(socket));
            LinuxTcp.DoNotPace(socket);
            Assert.Equal("reno", CongestionControlOf(socket));
        }
    }

    [Fact]
    public void TheUnsentAreLimited()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has the option");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        LinuxTcp.LimitUnsent(socket, 12345);
        Assert.Equal(12345, UnsentLimitOf(socket));
        socket.Dispose();
        LinuxTcp.LimitUnsent(socket, 1);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task AWindowIsAdvertised()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has the option");
        const int windowClamp = 10;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!, Stop);
        var window = new ReceiveWindow(near, new WindowStretch(TimeProvider.System), TimeProvider.System);
        window.Received(1);

        byte[] advertised = new byte[sizeof(int)];
        near.GetRawSocketOption(TcpLevel, windowClamp, advertised);
        Assert.Equal(ReceiveWindow.Least, BitConverter.ToInt32(advertised));
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task APortIsTakenOnceOnlyAndFreeAgainAtOnce()
    {
        using var port = new HeldPort();
        ITransportListener first = await _transport.ListenAsync(new EndpointText("127.0.0.1", port.Port), Stop);
        IOException inUse = await Assert.ThrowsAsync<IOException>(
            async () => await _transport.ListenAsync(first.Local, Stop));
        Assert.StartsWith($"cannot listen on {first.Local}: another program", inUse.Message, StringComparison.Ordinal);

        // The end that closes first keeps the address for minutes (TIME_WAIT); a restarted hub need not wait
        // for it.
        var dialled = (DialResult.Connected)await _transport.DialAsync(first.Local, Stop);
        (await first.AcceptAsync(Stop))!.Dispose();
        Assert.Equal(0, await dialled.Connection.Stream.ReadAsync(new byte[1], Stop));
        dialled.Connection.Dispose();
        await first.DisposeAsync();
        Assert.Null(await first.AcceptAsync(Stop));

        await using ITransportListener second = await _transport.ListenAsync(first.Local, Stop);
        Assert.Equal(first.Local, second.Local);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task WhatCannotBeReachedIsExplained()
    {
        using var nobody = new HeldPort();
        foreach (EndpointText address in new[]
        {
            new EndpointText("127.0.0.1", nobody.Port), new EndpointText("no-such-host.invalid", 1),
            new EndpointText("", 1),
        })
        {
            DialResult.Failed failed =
                Assert.IsType<DialResult.Failed>(await _transport.DialAsync(address, Stop));
            Assert.StartsWith($"cannot connect to {address}: ", failed.Reason, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task ADialThatNobodyAnswersEnds()
    {
        // A listener whose backlog is full lets further dials wait, as a host that drops packets does.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        var address = new EndpointText("127.0.0.1", ((IPEndPoint)deaf.LocalEndPoint!).Port);
        var hasty = new TcpTransport(new TcpOptions { ConnectLimit = TimeSpan.FromMilliseconds(300) });

        var results = new List<DialResult>();
        while (results.Count < 8 && results.LastOrDefault() is not DialResult.Failed)
        {
            results.Add(await hasty.DialAsync(address, Stop));
        }

        Assert.Equal(
            $"cannot connect to {address}: no answer within 0.3 s",
            Assert.IsType<DialResult.Failed>(results[^1]).Reason);
        foreach (DialResult.Connected connected in results.OfType<DialResult.Connected>())
        {
            connected.Connection.Dispose();
        }
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task ChunksAndMessagesPassThroughADoor()
    {
        SwarmKey key = new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size));
        var peer = new HandshakeOptions { Role = EndRole.Peer, Expected = EndRole.Peer, Key = key };
        ITransportListener listener = await _transport.ListenAsync(new EndpointText("127.0.0.1", 0), Stop);
        await using var door = new Door(listener, new DoorOptions { Handshake = peer });
        var dialled = (DialResult.Connected)await new Dialer(_transport, peer).DialAsync(door.Local, Stop);
        TransportConnection? accepted = await door.AcceptAsync(Stop);
        var chunks = new CountingChunks();
        await using var near = new FrameConnection<PeerMessage, PeerMessage>(
            dialled.Connection, new PeerSide(), new ConnectionOptions(), chunks);
        await using var far = new FrameConnection<PeerMessage, PeerMessage>(
            accepted!, new PeerSide(), new ConnectionOptions());

        for (int i = 0; i < 200; i++)
        {
            Assert.True(near.Upload(new ChunkHeader(new ChunkRef(default, new ChunkIndex(i)), 256 * 1024)));
            Assert.True(near.Send(new PeerMessage.Alive()));
        }

        Task closing = near.CloseAsync("done", TimeSpan.FromSeconds(10), Stop);
        (int messages, int received) = await CountAsync(far);
        await far.DisposeAsync();
        Assert.Equal(ReceivedKind.End, (await near.ReceiveAsync(Stop)).Kind);
        await closing;

        Assert.Equal((200, 200), (messages, received));
        Assert.Equal(200, chunks.Sent);
        Assert.Equal(200 * 256 * 1024, far.Counters.PayloadReceived);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task LastWordsArriveThoughTheOtherEndTalksOn()
    {
        await using ITransportListener listener =
            await _transport.ListenAsync(new EndpointText("127.0.0.1", 0), Stop);
        var dialled = (DialResult.Connected)await _transport.DialAsync(listener.Local, Stop);
        TransportConnection? accepted = await listener.AcceptAsync(Stop);
        await using var member = new FrameConnection<HubMessage, MemberMessage>(
            dialled.Connection, new MemberSide(), new ConnectionOptions());
        await using var hub = new FrameConnection<MemberMessage, HubMessage>(
            accepted!, new HubSide(), new ConnectionOptions());
        for (int i = 0; i < 10_000; i++)
        {
            member.Send(new MemberMessage.Count(default));
        }

        hub.Send(new HubMessage.Refuse("full"));
        Task receiving = DrainAsync(hub);
        Task closing = hub.CloseAsync("refused", TimeSpan.FromSeconds(10), Stop);

        Assert.Equal(new HubMessage.Refuse("full"), (await member.ReceiveAsync(Stop)).Message);
        Assert.Equal(ReceivedKind.End, (await member.ReceiveAsync(Stop)).Kind);
        Assert.Equal(EndCause.ClosedThere, member.End!.Cause);
        await Task.WhenAll(receiving, closing);
    }

    [Fact(Timeout = Limits.Hang)]
    public async Task AnEndThatIsKilledIsNoticed()
    {
        await using ITransportListener listener =
            await _transport.ListenAsync(new EndpointText("127.0.0.1", 0), Stop);
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await raw.ConnectAsync(new IPEndPoint(IPAddress.Loopback, listener.Local.Port), Stop);
        await using var connection = new FrameConnection<PeerMessage, PeerMessage>(
            (await listener.AcceptAsync(Stop))!, new PeerSide(), new ConnectionOptions());

        // A reset instead of a goodbye.
        raw.LingerState = new LingerOption(true, 0);
        raw.Close();

        Assert.Equal(ReceivedKind.End, (await connection.ReceiveAsync(Stop)).Kind);
        Assert.Equal(EndCause.Broken, connection.End!.Cause);
    }

    private static async Task<(int Messages, int Chunks)> CountAsync(
        FrameConnection<PeerMessage, PeerMessage> connection)
    {
        (int messages, int chunks) = (0, 0);
        var buffer = new byte[100_000];
        while (true)
        {
            Received<PeerMessage> received = await connection.ReceiveAsync(Stop);
            switch (received.Kind)
            {
                case ReceivedKind.End:
                    return (messages, chunks);
                case ReceivedKind.Message:
                    messages++;
                    break;
                default:
                    int expected = (byte)received.Chunk.Chunk.Index.Value;
                    while (await connection.ReadPayloadAsync(buffer, Stop) is > 0 and int read)
                    {
                        Assert.Equal(-1, buffer.AsSpan(0, read).IndexOfAnyExcept((byte)expected));
                    }

                    chunks++;
                    break;
            }
        }
    }

    private static async Task DrainAsync(FrameConnection<MemberMessage, HubMessage> connection)
    {
        while ((await connection.ReceiveAsync(Stop)).Kind != ReceivedKind.End)
        {
        }
    }

    private sealed class CountingChunks : IChunkSource
    {
        public int Sent { get; private set; }

        public ValueTask<bool> ReadAsync(
            ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            buffer.Span.Fill((byte)chunk.Index.Value);
            return ValueTask.FromResult(true);
        }

        public void Ended(ChunkRef chunk, UploadOutcome outcome) => Sent++;
    }

    private static string CongestionControlOf(Socket socket)
    {
        const int congestionControl = 13;
        Span<byte> name = stackalloc byte[16];
        int length = socket.GetRawSocketOption(TcpLevel, congestionControl, name);
        return Encoding.ASCII.GetString(name[..length]).TrimEnd('\0');
    }

    private static int UnsentLimitOf(Socket socket)
    {
        const int notSentLowWaterMark = 25;
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(TcpLevel, notSentLowWaterMark, bytes);
        return BitConverter.ToInt32(bytes);
    }
}
