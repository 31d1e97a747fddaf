using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.InMemory;

/// <summary>Peers that cannot reach each other exchange through the hub.</summary>
public sealed class RelayTests
{
    private static readonly string[] s_names = ["anna", "bert", "cleo", "dora"];

    [Fact]
    public async Task Four_relayed_peers_end_with_the_same_folder_and_upload_each_chunk_once()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        foreach (string name in s_names)
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)name.Length + name[0], 3_000_000);
        }

        MemoryPeer[] peers =
        [
            .. s_names.Select(name => swarm.Start(
                name, options => options with { Expect = s_names.Length, Relay = RelayUse.Always })),
        ];
        foreach (MemoryPeer peer in peers)
        {
            PeerResult result = await peer.CompleteAsync();
            ExchangeReport report = ((SwarmOutcome.Complete)result.Outcome).Report!;
            Assert.All(report.Peers, line =>
            {
                Assert.Equal(9_000_000, line.Tally.BytesReceived);
                Assert.Equal(9_000_000, line.Tally.RelayedReceived);
                Assert.Equal(line.Tally.BytesSent, line.Tally.RelayedSent);
            });
            Assert.True(report.Peers.Sum(line => line.Tally.BytesSent) <= 1.02 * 12_000_000, swarm.HubLog.ToString());
        }

        string[] expected = swarm.Scratch.Look(s_names[0]);
        Assert.Equal(4, expected.Length);
        Assert.All(s_names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
    }
}
