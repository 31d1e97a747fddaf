using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

public sealed class ExchangeTests
{
    [Fact]
    public async Task Four_processes_with_several_contents_end_with_the_same_folder()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo", "dora"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, 3_000_000 + i);
            swarm.Scratch.Write($"{name}/shared/{name}.txt", (ulong)i + 10, 5000);
        }

        ShoalProcess[] peers = [.. names.Select(name => swarm.Join(name, "--expect", "4"))];
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look(names[0]);
        Assert.Equal(8, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
        Assert.All(names, name => Assert.Equal("complete", swarm.ReportOf(name).GetProperty("result").GetString()));
        swarm.Hub.Send(ShoalProcess.Signal.Terminate);
        await swarm.Hub.ExpectAsync(0);
        Assert.False(swarm.Hub.Output.Has("result: fail"), swarm.Hub.Output.ToString());
        Assert.All(peers, peer => Assert.False(peer.Output.Has("result: fail"), peer.Output.ToString()));
    }
}
