using System.Collections.Concurrent;
using System.Security.Cryptography;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A member that does what its test wants, right or wrong: it joins with contents of its own, lets others in, and
/// serves whatever <see cref="Serve"/> makes of a chunk. It never asks for anything by itself.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly HandshakeOptions _handshake;
    private readonly Door _door;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly ConcurrentDictionary<PeerId, ScriptedLink> _links = new();

    private ScriptedPeer(
        string name, ScriptedContent[] contents, ITransport transport, ITransportListener listener, SwarmKey? key)
    {
        Name = name;
        Contents = contents;
        Heard = new Heard<HubMessage>(name);
        _transport = transport;
        _handshake = new HandshakeOptions { Role = EndRole.Peer, Expected = EndRole.Peer, Key = key };
        _door = new Door(listener, new DoorOptions { Handshake = _handshake });
        Serve = RightBytes;
    }

    public PeerId Id { get; } = PeerId.Read(RandomNumberGenerator.GetBytes(PeerId.Size));

    public string Name { get; }

    public ScriptedContent[] Contents { get; }

    /// <summary>What the hub said.</summary>
    public Heard<HubMessage> Heard { get; }

    /// <summary>What is sent for a chunk; null: nothing, ever. By default what is right.</summary>
    public Func<ChunkRef, ReadOnlyMemory<byte>?> Serve { get; set; }

    public FrameConnection<HubMessage, MemberMessage> Hub { get; private set; } = null!;

    public EndpointText Address => _door.Local;

    /// <summary>Joins, says what it has, and is ready.</summary>
    public static async Task<ScriptedPeer> JoinAsync(
        ITransport transport, EndpointText hub, string name, ScriptedContent[] contents, int expect = 0,
        SwarmKey? key = null, string host = "127.0.0.1")
    {
        ScriptedPeer peer = await ConnectAsync(transport, hub, name, contents, key, host);
        peer.SayJoin(expect);
        peer.SayContents();
        peer.Hub.Send(new MemberMessage.Ready());
        await peer.Heard.WaitForAsync<HubMessage.Welcome>();
        return peer;
    }

    /// <summary>Connects with the hub and says nothing.</summary>
    public static async Task<ScriptedPeer> ConnectAsync(
        ITransport transport, EndpointText hub, string name, ScriptedContent[] contents, SwarmKey? key = null,
        string host = "127.0.0.1")
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ITransportListener listener = await transport.ListenAsync(new EndpointText(host, 0), cancellation);
        var peer = new ScriptedPeer(name, contents, transport, listener, key);
        var dialer = new Dialer(transport, new HandshakeOptions
        {
            Role = EndRole.Member, Expected = EndRole.Hub, Key = key,
        });
        DialResult dialled = await dialer.DialAsync(hub, cancellation);
        peer.Hub = new FrameConnection<HubMessage, MemberMessage>(
            Assert.IsType<DialResult.Connected>(dialled).Connection, new MemberSide(), new ConnectionOptions());
        peer._tasks.Add(peer.HearHubAsync());
        peer._tasks.Add(peer.AcceptAllAsync());
        peer._tasks.Add(peer.StayAliveAsync());
        return peer;
    }

    public void SayJoin(int expect) => Hub.Send(new MemberMessage.Join(
        "films", Id, Name, [Address.ToString()], default, expect, 0, null, null));

    public void SayContents()
    {
        Hub.Send(new MemberMessage.Describe([.. Contents.Select(content => content.Manifest)]));
        Hub.Send(new MemberMessage.Share(Id, Name, [.. Contents.Select(content => content.Entry)]));
        Hub.Send(new MemberMessage.Hold([.. Contents.Select(content => content.Full)]));
    }

    /// <summary>The connection with another member, once it is there.</summary>
    public async Task<ScriptedLink> LinkAsync(PeerId other)
    {
        await Limits.UntilAsync(() => _links.ContainsKey(other), $"{Name} is connected with {other.Brief}");
        return _links[other];
    }

    /// <summary>The only connection with another member, once it is there.</summary>
    public async Task<ScriptedLink> LinkAsync()
    {
        await Limits.UntilAsync(() => !_links.IsEmpty, $"{Name} is connected with somebody");
        return _links.Values.Single();
    }

    /// <summary>Vanishes without a word.</summary>
    public async Task VanishAsync()
    {
        await _stop.CancelAsync();
        await _door.DisposeAsync();
        await Hub.AbortAsync("vanished");
        await Task.WhenAll(_links.Values.Select(link => link.Connection.AbortAsync("vanished").AsTask()));
        await Task.WhenAll(_tasks);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await VanishAsync();
        }

        _stop.Dispose();
    }

    private ReadOnlyMemory<byte>? RightBytes(ChunkRef chunk) =>
        Array.Find(Contents, content => content.Manifest.Id == chunk.Content)?.BytesOf(chunk.Index);

    private async Task HearHubAsync()
    {
        while (await Hub.ReceiveAsync(CancellationToken.None) is { Kind: ReceivedKind.Message, Message: { } message })
        {
            Heard.Add(message);
            if (message is HubMessage.Joined joined && IsDialledByUs(joined.Member))
            {
                _tasks.Add(DialAsync(joined.Member));
            }
        }

        Heard.End();
    }

    private bool IsDialledByUs(Member member) =>
        member.JoinOrder < Heard.All.OfType<HubMessage.Welcome>().First().You.JoinOrder;

    private async Task DialAsync(Member member)
    {
        Assert.True(EndpointText.TryParse(member.Endpoints[0], null, out EndpointText address));
        try
        {
            DialResult dialled = await new Dialer(_transport, _handshake).DialAsync(address, _stop.Token);
            if (dialled is DialResult.Connected connected)
            {
                var introduction = new PeerIntroduction("films", Id, member.Id);
                Take(connected.Connection, await PeerGreeting.InitiateAsync(
                    connected.Connection, introduction, _handshake, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // It vanished.
        }
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (await _door.AcceptAsync(_stop.Token) is { } connection)
            {
                Take(connection, await PeerGreeting.RespondAsync(connection, "films", Id, _handshake, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // It vanished.
        }
    }

    private void Take(TransportConnection connection, GreetingResult greeting)
    {
        if (greeting is not GreetingResult.Met met)
        {
            connection.Dispose();
            return;
        }

        var link = new ScriptedLink(this, met.Peer, connection);
        link.Connection.Send(new PeerMessage.Hold([.. Contents.Select(content => content.Full)]));
        _links[met.Peer] = link;
        _tasks.Add(link.RunAsync());
    }

    private async Task StayAliveAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Hub.Send(new MemberMessage.Alive());
                foreach (ScriptedLink link in _links.Values)
                {
                    link.Connection.Send(new PeerMessage.Alive());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It vanished.
        }
    }
}
