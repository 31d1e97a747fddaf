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
                name, options => options with
                {
                    Expect = s_names.Length,
                    Relay = RelayUse.Always,
                    Capacity = new DeclaredCapacity(3_000_000, 90_000_000),
                })),
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

            // Each uploads its own once; without the hub their uplinks together would need three times as long.
            Assert.Equal(1, report.LowerBound.TotalSeconds, 3);
            Assert.True(report.Peers.Sum(line => line.Tally.BytesSent) <= 1.02 * 12_000_000, swarm.HubLog.ToString());
        }

        string[] expected = swarm.Scratch.Look(s_names[0]);
        Assert.Equal(4, expected.Length);
        Assert.All(s_names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
    }

    [Fact]
    public async Task Who_can_meet_does_so_and_the_third_is_reached_through_the_hub()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo"];
        foreach (string name in names)
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", name[0], 2_000_000);
        }

        MemoryPeer[] peers =
        [
            .. names.Select(name => swarm.Start(
                name, options => options with { Expect = 3 },
                host => host != MemorySwarm.HubAddress.Host && (host == "cleo" || name == "cleo"))),
        ];
        ExchangeReport report = null!;
        foreach (MemoryPeer peer in peers)
        {
            report = ((SwarmOutcome.Complete)(await peer.CompleteAsync()).Outcome).Report!;
        }

        Dictionary<string, PeerTally> tallies = report.Peers.ToDictionary(line => line.Name, line => line.Tally);
        Assert.Equal(4_000_000, tallies["cleo"].RelayedReceived);

        // One of the two may have a chunk of cleo's from the hub and hand it to the other.
        long relayed = tallies["anna"].RelayedReceived + tallies["bert"].RelayedReceived;
        Assert.InRange(tallies["anna"].RelayedReceived, 0, 2_000_000);
        Assert.InRange(tallies["bert"].RelayedReceived, 0, 2_000_000);
        Assert.InRange(relayed, 2_000_000, 4_000_000);
        Assert.Equal(4_000_000, tallies["bert"].BytesReceived);
        Assert.All(names, name => Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look(name)));
    }

    [Fact]
    public async Task Who_can_dial_only_one_way_is_called_and_meets_directly()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/film.bin", 1, 1_000_000);
        swarm.Scratch.Folder("bert");
        MemoryPeer anna = swarm.Start("anna", options => options with { Stay = true });
        await anna.Log.WaitForAsync("action: join");
        MemoryPeer bert = swarm.Start("bert", options => options with { Stay = true }, host => host == "anna");

        await bert.Log.WaitForAsync("action: peer_connect", "result: success");
        await bert.Log.WaitForAsync("action: file");

        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
    }
}
