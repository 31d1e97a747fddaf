using System.Collections.Concurrent;
using System.Security.Cryptography;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A member of a hub that keeps the system clock, which carries out orders as its test wants: right by default.
/// </summary>
internal sealed class ClockMember : IAsyncDisposable, IChunkSource
{
    private readonly ConcurrentDictionary<ChunkRef, byte[]> _bytes = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;
    private Task _living = Task.CompletedTask;

    private ClockMember(string name) => Heard = new Heard<HubMessage>(name);

    public PeerId Id { get; } = PeerId.Read(RandomNumberGenerator.GetBytes(PeerId.Size));

    public Heard<HubMessage> Heard { get; }

    public FrameConnection<HubMessage, MemberMessage> Hub { get; private set; } = null!;

    /// <summary>Whether an order is carried out; one that is not is never answered.</summary>
    public Func<HubMessage.Order, bool> Obeys { get; set; } = _ => true;

    /// <summary>What is sent of a chunk; by default what is right.</summary>
    public Func<ChunkRef, byte[], byte[]> Bend { get; set; } = (_, bytes) => bytes;

    /// <param name="swarm">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expect">How many members it expects.</param>
    /// <param name="prepare">Says how it behaves, before the first order can come.</param>
    /// <param name="contents">What it has.</param>
    public static async Task<ClockMember> JoinAsync(
        MemorySwarm swarm, string name, int expect, Action<ClockMember> prepare, params ScriptedContent[] contents)
    {
        var member = new ClockMember(name);
        prepare(member);
        foreach (ScriptedContent content in contents)
        {
            for (int i = 0; i < content.Manifest.ChunkCount; i++)
            {
                member._bytes[content.Chunk(i)] = content.BytesOf(new ChunkIndex(i)).ToArray();
            }
        }

        var dialer = new Dialer(swarm.Network, new HandshakeOptions { Role = EndRole.Member, Expected = EndRole.Hub });
        DialResult dialled = await dialer.DialAsync(MemorySwarm.HubAddress, TestContext.Current.CancellationToken);
        member.Hub = new FrameConnection<HubMessage, MemberMessage>(
            Assert.IsType<DialResult.Connected>(dialled).Connection, new MemberSide(), new ConnectionOptions(), member);
        member._listening = member.ListenAsync();
        member._living = member.LiveAsync();
        member.Hub.Send(new MemberMessage.Join("films", member.Id, name, [], default, expect, 0, null, null)
        {
            Relay = RelayUse.Always,
        });
        member.Hub.Send(new MemberMessage.Describe([.. contents.Select(content => content.Manifest)]));
        member.Hub.Send(new MemberMessage.Share(member.Id, name, [.. contents.Select(content => content.Entry)]));
        member.Hub.Send(new MemberMessage.Hold([.. contents.Select(content => content.Full)]));
        member.Hub.Send(new MemberMessage.Ready());
        await member.Heard.WaitForAsync<HubMessage.Clock>();
        return member;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Hub.AbortAsync("vanished");
        await _listening;
        await _living;
        _stop.Dispose();
    }

    ValueTask<bool> IChunkSource.ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Bend(chunk, _bytes[chunk]).AsMemory(offset, buffer.Length).CopyTo(buffer);
        return ValueTask.FromResult(true);
    }

    void IChunkSource.Ended(ChunkRef chunk, UploadOutcome outcome)
    {
    }

    private async Task ListenAsync()
    {
        HubMessage.Order? open = null;
        ChunkRef? early = null;
        while (await Hub.ReceiveAsync(CancellationToken.None) is { Kind: not ReceivedKind.End } received)
        {
            if (received.Kind == ReceivedKind.Chunk)
            {
                byte[] bytes = new byte[received.Chunk.PayloadLength];
                for (int filled = 0; filled < bytes.Length;)
                {
                    filled += await Hub.ReadPayloadAsync(bytes.AsMemory(filled), CancellationToken.None);
                }

                _bytes[received.Chunk.Chunk] = bytes;
                early = received.Chunk.Chunk;
                if (open is { Kind: OccupationKind.Deliver } && open.Chunk == early)
                {
                    Answer(open);
                    early = null;
                }

                continue;
            }

            Heard.Add(received.Message!);
            if (received.Message is HubMessage.Order order && Obeys(order))
            {
                open = order;
                if (order.Kind == OccupationKind.Deliver && order.Chunk == early)
                {
                    Answer(order);
                    early = null;
                }
                else
                {
                    Begin(order);
                }
            }
        }

        Heard.End();
    }

    private void Begin(HubMessage.Order order)
    {
        if (order.Kind == OccupationKind.Upload)
        {
            Hub.Upload(new ChunkHeader(order.Chunk, _bytes[order.Chunk].Length));
        }
        else if (order.Kind != OccupationKind.Deliver)
        {
            Answer(order);
        }
    }

    private void Answer(HubMessage.Order order) =>
        Hub.Send(new MemberMessage.Answer(order.Kind, order.Chunk, order.Begin, OrderOutcome.Done));

    private async Task LiveAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Hub.Send(new MemberMessage.Alive());
            }
        }
        catch (OperationCanceledException)
        {
            // It vanished.
        }
    }
}
