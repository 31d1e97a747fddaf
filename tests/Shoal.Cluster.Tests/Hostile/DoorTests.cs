using System.Security.Cryptography;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;

namespace Shoal.Cluster.Tests.Hostile;

/// <summary>Those who do not get through the door of a hub or of a peer.</summary>
public sealed class DoorTests
{
    private const int FlagsAt = 7;

    [Theory]
    [InlineData(0, (byte)'s', "does not speak Shoal's protocol")]
    [InlineData(5, (byte)(Hello.Version + 1), "another version")]
    [InlineData(6, (byte)EndRole.Hub, "another role")]
    [InlineData(FlagsAt, (byte)0x80, "makes no sense")]
    [InlineData(FlagsAt, (byte)0, "a key is needed here")]
    [InlineData(FlagsAt, (byte)1, "another key")]
    public async Task A_wrong_hello(int at, byte value, string reason)
    {
        await using Siege siege = await Siege.BeginAsync(new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size)));
        foreach ((EndpointText address, EndRole role, Lines log) in DoorsOf(siege))
        {
            byte[] hello = new Hello(role, isKeyed: true, new byte[Hello.NonceSize]).Bytes.ToArray();
            hello[at] = value;
            using RawLink link = await RawLink.DialAsync(siege.Swarm.Network, address);
            await link.SayAsync(hello);
            await link.SayAsync(new byte[KeyProof.Size]);
            await link.EndedAsync();
            await log.WaitForAsync("action: accept | result: fail", reason);
        }

        await siege.HoldsAsync();
    }

    [Fact]
    public async Task Half_a_hello()
    {
        await using Siege siege = await Siege.BeginAsync();
        foreach ((EndpointText address, EndRole role, Lines log) in DoorsOf(siege))
        {
            using RawLink link = await RawLink.DialAsync(siege.Swarm.Network, address);
            await link.SayAsync(new Hello(role, isKeyed: false, new byte[Hello.NonceSize]).Bytes[..20].ToArray());
            link.FinishSending();
            await link.EndedAsync();
            await log.WaitForAsync("action: accept | result: fail", "closed the connection during the hello");
        }

        await siege.HoldsAsync();
    }

    [Fact]
    public async Task No_hello_at_all()
    {
        await using Siege siege = await Siege.BeginAsync();
        RawLink[] links = await Task.WhenAll(
            DoorsOf(siege).Select(door => RawLink.DialAsync(siege.Swarm.Network, door.Address)));
        await Task.WhenAll(links.Select(link => link.EndedAsync()));
        foreach ((_, _, Lines log) in DoorsOf(siege))
        {
            await log.WaitForAsync("action: accept | result: fail", "said nothing in time");
        }

        Array.ForEach(links, link => link.Dispose());
        await siege.HoldsAsync();
    }

    [Fact]
    public async Task A_crowd_that_says_nothing_keeps_nobody_out()
    {
        await using Siege siege = await Siege.BeginAsync();
        var links = new List<RawLink>();
        foreach ((EndpointText address, _, Lines log) in DoorsOf(siege))
        {
            for (int i = 0; i < 300; i++)
            {
                links.Add(await RawLink.DialAsync(siege.Swarm.Network, address));
            }

            await log.WaitForAsync("action: accept | result: fail", "for others that came later");
        }

        await siege.HoldsAsync();
        links.ForEach(link => link.Dispose());
    }

    private static IEnumerable<(EndpointText Address, EndRole Role, Lines Log)> DoorsOf(Siege siege) =>
    [
        (MemorySwarm.HubAddress, EndRole.Member, siege.Swarm.HubLog),
        (siege.AnnaAddress, EndRole.Peer, siege.Anna.Log),
    ];
}
