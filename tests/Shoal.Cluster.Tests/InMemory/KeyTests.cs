using System.Security.Cryptography;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Handshake;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class KeyTests
{
    private readonly SwarmKey _key = new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size));

    [Fact]
    public async Task Those_who_have_the_key_exchange()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(options => options with { Key = _key });
        swarm.Scratch.Write("anna/a.bin", 1, 100_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Key = _key });
        MemoryPeer bert = swarm.Start("bert", options => options with { Key = _key });
        await anna.CompleteAsync();
        await bert.CompleteAsync();
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }

    [Theory]
    [InlineData(false, "needs a key")]
    [InlineData(true, "another key")]
    public async Task Without_the_key_a_peer_learns_nothing_and_ends(bool hasAnotherKey, string reason)
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(options => options with { Key = _key });
        SwarmKey? other = hasAnotherKey ? new SwarmKey(RandomNumberGenerator.GetBytes(SwarmKey.Size)) : null;
        MemoryPeer zoe = swarm.Start("zoe", options => options with { Key = other });

        var failure = await Assert.ThrowsAsync<HostException>(zoe.EndAsync);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        await swarm.HubLog.WaitForAsync("action: accept | result: fail");
        Assert.False(swarm.HubLog.Has("action: join"));
    }

    [Fact]
    public async Task A_peer_with_a_key_does_not_talk_to_a_hub_without()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        MemoryPeer anna = swarm.Start("anna", options => options with { Key = _key });
        var failure = await Assert.ThrowsAsync<HostException>(anna.EndAsync);
        Assert.Contains("a key is needed here", failure.Message, StringComparison.Ordinal);
        Assert.False(swarm.HubLog.Has("action: join"));
    }

    [Fact]
    public async Task Without_the_key_nobody_learns_a_byte_from_a_peer_but_its_hello()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync(options => options with { Key = _key });
        swarm.Scratch.Write("anna/a.bin", 1, 100_000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Key = _key });
        await anna.Log.WaitForAsync("action: peer_listen");

        foreach (EndpointText address in new[] { MemorySwarm.HubAddress, new EndpointText("anna", 49152) })
        {
            EndRole role = address == MemorySwarm.HubAddress ? EndRole.Member : EndRole.Peer;
            byte[] heard = await TalkAsync(swarm.Network, address, role);

            // Its hello, and the verdict: no.
            Assert.Equal(Hello.Size + 1, heard.Length);
        }
    }

    // Says hello with a key, and a proof that is none.
    private static async Task<byte[]> TalkAsync(InMemoryTransport network, EndpointText address, EndRole role)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var dialled = (DialResult.Connected)await network.DialAsync(address, cancellation);
        using TransportConnection connection = dialled.Connection;
        await connection.Stream.WriteAsync(new Hello(role, isKeyed: true, new byte[32]).Bytes.ToArray(), cancellation);
        await connection.Stream.WriteAsync(new byte[KeyProof.Size], cancellation);
        using var heard = new MemoryStream();
        await connection.Stream.CopyToAsync(heard, cancellation);
        return heard.ToArray();
    }
}
