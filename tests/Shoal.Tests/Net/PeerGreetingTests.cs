using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Tests.Net;

public sealed class PeerGreetingTests
{
    private static readonly PeerId s_anna = new(0, 1);
    private static readonly PeerId s_ben = new(0, 2);
    private static readonly PeerId s_cleo = new(0, 3);

    private readonly HandshakeOptions _options;
    private readonly TestTime _time = new();

    public PeerGreetingTests() =>
        _options = new HandshakeOptions { Role = EndRole.Peer, Expected = EndRole.Peer, Time = _time };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = Hang.Limit)]
    public async Task PeersOfASwarmMeet()
    {
        (GreetingResult dialling, GreetingResult dialled) =
            await GreetAsync(new PeerIntroduction("photos", s_anna, s_ben), "photos", s_ben);
        Assert.Equal(new GreetingResult.Met(s_ben), dialling);
        Assert.Equal(new GreetingResult.Met(s_anna), dialled);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task BothNoticeAWrongAddress()
    {
        (GreetingResult dialling, GreetingResult dialled) =
            await GreetAsync(new PeerIntroduction("photos", s_anna, s_ben), "photos", s_cleo);
        Assert.Equal(new GreetingResult.Mistaken("the other end is peer 00000000, not 00000000"), dialling);
        Assert.IsType<GreetingResult.Mistaken>(dialled);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task BothNoticeAWrongSwarm()
    {
        (GreetingResult dialling, GreetingResult dialled) =
            await GreetAsync(new PeerIntroduction("photos", s_anna, s_ben), "films", s_ben);
        Assert.Equal(new GreetingResult.Mistaken("the other end is in the swarm films"), dialling);
        Assert.Equal(new GreetingResult.Mistaken("the other end looks for the swarm photos"), dialled);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task APeerNoticesItself()
    {
        (_, GreetingResult dialled) =
            await GreetAsync(new PeerIntroduction("photos", s_anna, s_anna), "photos", s_anna);
        Assert.Equal(new GreetingResult.Mistaken("the other end is this peer itself"), dialled);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task SilenceEndsAfterTheLimit()
    {
        (_, TransportConnection far) = Ends.Connect();
        ValueTask<GreetingResult> responding =
            PeerGreeting.RespondAsync(far, "photos", s_ben, _options, Stop);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(
            new GreetingResult.Mistaken("the other end did not introduce itself in time"), await responding);
    }

    [Theory(Timeout = Hang.Limit)]
    [InlineData("0000000010", "unknown frame type 0x10")]
    [InlineData("7fffffff01", "a Introduction frame of 2147483647 bytes, the limit is 16384")]
    [InlineData("0000000101ff", "Introduction: the body ends too early")]
    public async Task NonsenseIsRefused(string hex, string reason)
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        await near.SayAsync(Convert.FromHexString(hex));
        Assert.Equal(
            new GreetingResult.Mistaken(reason),
            await PeerGreeting.RespondAsync(far, "photos", s_ben, _options, Stop));
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task AnEndThatLeavesIsNoticed()
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        await near.SayAsync([0, 0]);
        near.Dispose();
        Assert.IsType<GreetingResult.Mistaken>(
            await PeerGreeting.RespondAsync(far, "photos", s_ben, _options, Stop));
    }

    private async Task<(GreetingResult Dialling, GreetingResult Dialled)> GreetAsync(
        PeerIntroduction mine, string swarm, PeerId self)
    {
        (TransportConnection near, TransportConnection far) = Ends.Connect();
        ValueTask<GreetingResult> responding = PeerGreeting.RespondAsync(far, swarm, self, _options, Stop);
        GreetingResult dialling = await PeerGreeting.InitiateAsync(near, mine, _options, Stop);
        return (dialling, await responding);
    }
}
