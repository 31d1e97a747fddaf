using System.Security.Cryptography;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class HandshakeTests
{
    private static readonly SwarmKey s_key = new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size));
    private static readonly SwarmKey s_otherKey = new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size));

    private readonly TestTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Hang.Limit)]
    public async Task EndsThatBelongTogetherAccept()
    {
        Assert.Equal((null, null), await ShakeAsync(Member(s_key), Hub(s_key)));
        Assert.Equal((null, null), await ShakeAsync(Member(null), Hub(null)));
        Assert.Equal((null, null), await ShakeAsync(Peer(s_key), Peer(s_key)));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task BothEndsKnowWhatIsWrong()
    {
        Assert.Equal(
            (HandshakeRefusal.OtherHasNoKey, HandshakeRefusal.OtherWantsKey),
            await ShakeAsync(Member(s_key), Hub(null)));
        Assert.Equal(
            (HandshakeRefusal.OtherWantsKey, HandshakeRefusal.OtherHasNoKey),
            await ShakeAsync(Member(null), Hub(s_key)));
        Assert.Equal(
            (HandshakeRefusal.WrongKey, HandshakeRefusal.WrongKey),
            await ShakeAsync(Member(s_key), Hub(s_otherKey)));
        Assert.Equal(
            (HandshakeRefusal.OtherRole, HandshakeRefusal.OtherRole),
            await ShakeAsync(Member(s_key), Peer(s_key)));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AFullEndSaysSo()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => false, Stop);
        Assert.Equal(HandshakeRefusal.Busy, await Handshake.InitiateAsync(near, Member(s_key), Stop));
        Assert.Equal(HandshakeRefusal.Busy, await responding);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task SilenceEndsAfterTheLimit()
    {
        (_, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => true, Stop);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(responding.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(HandshakeRefusal.TimedOut, await responding);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnEndThatCreepsIsOutOfTimeToo()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => true, Stop);
        foreach (byte b in "SHOAL"u8.ToArray())
        {
            await near.SayAsync([b]);
            _time.Advance(TimeSpan.FromSeconds(1.1));
        }

        Assert.Equal(HandshakeRefusal.TimedOut, await responding);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnotherProtocolIsRefusedAtItsFirstByte()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => true, Stop);
        await near.SayAsync("G"u8.ToArray());
        Assert.Equal(HandshakeRefusal.NotShoal, await responding);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnEndThatLeavesIsNoticed()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        await near.SayAsync("SHOAL"u8.ToArray());
        near.Dispose();
        Assert.Equal(
            HandshakeRefusal.Closed, await Handshake.RespondAsync(far, Hub(s_key), () => true, Stop));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task WithoutTheKeyNobodyLearnsMoreThanTheHello()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => true, Stop);
        await near.SayAsync(new Hello(EndRole.Member, true, new byte[Hello.NonceSize]).Bytes.ToArray());
        await near.SayAsync(new byte[KeyProof.Size]);
        Assert.Equal(HandshakeRefusal.WrongKey, await responding);
        far.Dispose();

        // A hello, and one byte that says no.
        byte[] heard = await near.ReadAllAsync();
        Assert.Equal(Hello.Size + 1, heard.Length);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task ARecordedInitiatorIsOfNoUse()
    {
        byte[] recorded = await RecordInitiatorAsync();
        Assert.Equal(Hello.Size + KeyProof.Size, recorded.Length);

        (TransportConnection near, TransportConnection far) = Ends.Connect();
        await near.SayAsync(recorded);
        Assert.Equal(
            HandshakeRefusal.WrongKey, await Handshake.RespondAsync(far, Hub(s_key), () => true, Stop));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnEndThatOnlyRepeatsIsFound()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> initiating = Handshake.InitiateAsync(near, Peer(s_key), Stop);
        var hello = new byte[Hello.Size];
        await far.Stream.ReadExactlyAsync(hello, Stop);
        await far.SayAsync(hello);
        Assert.Equal(HandshakeRefusal.Reflected, await initiating);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnInitiatorsProofHandedBackConvincesNobody()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> initiating = Handshake.InitiateAsync(near, Peer(s_key), Stop);
        await far.SayAsync(new Hello(EndRole.Peer, true, new byte[Hello.NonceSize]).Bytes.ToArray());
        var heard = new byte[Hello.Size + KeyProof.Size];
        await far.Stream.ReadExactlyAsync(heard, Stop);
        await far.SayAsync([1, .. heard[Hello.Size..]]);
        Assert.Equal(HandshakeRefusal.WrongKey, await initiating);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task WhatFollowsTheHandshakeIsLeftForTheFrames()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, Hub(s_key), () => true, Stop);
        Assert.Null(await Handshake.InitiateAsync(near, Member(s_key), Stop));
        await near.SayAsync([1, 2, 3]);
        near.FinishSending();
        Assert.Null(await responding);
        Assert.Equal([1, 2, 3], await far.ReadAllAsync());
    }

    /// <summary>
    /// All that an initiator says in a handshake that succeeds, as somebody in between hears it.
    /// </summary>
    private async Task<byte[]> RecordInitiatorAsync()
    {
        (TransportConnection initiator, TransportConnection spyIn) = Ends.Connect();
        (TransportConnection spyOut, TransportConnection responder) = Ends.Connect();
        ValueTask<HandshakeRefusal?> initiating = Handshake.InitiateAsync(initiator, Member(s_key), Stop);
        ValueTask<HandshakeRefusal?> responding =
            Handshake.RespondAsync(responder, Hub(s_key), () => true, Stop);

        var recorded = new byte[Hello.Size + KeyProof.Size];
        await PassOnAsync(spyIn, spyOut, recorded.AsMemory(0, Hello.Size));
        await PassOnAsync(spyOut, spyIn, new byte[Hello.Size]);
        await PassOnAsync(spyIn, spyOut, recorded.AsMemory(Hello.Size));
        await PassOnAsync(spyOut, spyIn, new byte[1 + KeyProof.Size]);

        Assert.Null(await initiating);
        Assert.Null(await responding);
        return recorded;
    }

    private static async Task PassOnAsync(
        TransportConnection from, TransportConnection to, Memory<byte> bytes)
    {
        await from.Stream.ReadExactlyAsync(bytes, Stop);
        await to.Stream.WriteAsync(bytes, Stop);
    }

    private async Task<(HandshakeRefusal? Initiator, HandshakeRefusal? Responder)> ShakeAsync(
        HandshakeOptions initiator, HandshakeOptions responder)
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<HandshakeRefusal?> responding = Handshake.RespondAsync(far, responder, () => true, Stop);
        HandshakeRefusal? first = await Handshake.InitiateAsync(near, initiator, Stop);
        near.Dispose();
        return (first, await responding);
    }

    private HandshakeOptions Member(SwarmKey? key) => Options(EndRole.Member, EndRole.Hub, key);

    private HandshakeOptions Hub(SwarmKey? key) => Options(EndRole.Hub, EndRole.Member, key);

    private HandshakeOptions Peer(SwarmKey? key) => Options(EndRole.Peer, EndRole.Peer, key);

    private HandshakeOptions Options(EndRole role, EndRole expected, SwarmKey? key) =>
        new() { Role = role, Expected = expected, Key = key, Time = _time };
}
