using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class ExchangeTests
{
    [Fact]
    public async Task Four_peers_with_several_contents_end_with_the_same_folder()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo", "dora"];
        for (int i = 0; i < names.Length; i++)
        {
            swarm.Scratch.Write($"{names[i]}/of {names[i]}.bin", (ulong)i, 700_000 + i);
            swarm.Scratch.Write($"{names[i]}/shared/{names[i]}/small.txt", (ulong)i + 10, 5000);
        }

        MemoryPeer[] peers = swarm.StartAll(names);
        foreach (MemoryPeer peer in peers)
        {
            await peer.CompleteAsync();
        }

        string[] expected = swarm.Scratch.Look(names[0]);
        Assert.Equal(8, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
    }
}
