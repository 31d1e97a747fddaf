using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

public sealed class KeyTests
{
    [Fact]
    public async Task With_the_key_from_a_file_or_the_environment_peers_exchange_and_others_are_refused()
    {
        using var scratch = new Scratch();
        string key = scratch["swarm.key"], other = scratch["other.key"];
        await RunAsync(0, "key", "new", key);
        await RunAsync(0, "key", "new", other);
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync("--key", key);
        swarm.Scratch.Write("anna/a.bin", 1, 100_000);

        await RefusedAsync(swarm.Join("zoe", "--key", other), "another key");
        await RefusedAsync(swarm.Join("zoe"), "needs a key");
        Assert.False(swarm.Hub.Output.Has("action: join"));

        ShoalProcess anna = swarm.Join("anna", "--key", key);
        await using ShoalProcess bert = ShoalProcess.Start("bert", File.ReadAllText(key).Trim(),
            ["join", "films", "--hub", swarm.Address, "--dir", swarm.Scratch["bert"]]);
        await anna.ExpectAsync(0);
        await bert.ExpectAsync(0);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        await Limits.UntilAsync(() => Refusals() >= 2, "the hub tells of both");
        Assert.Equal(2, Refusals());

        int Refusals() => swarm.Hub.Output.Count("action: accept | result: fail");
    }

    [Fact]
    public async Task Beyond_this_machine_a_hub_wants_a_key_or_an_explicit_open()
    {
        foreach (string address in (string[])["0.0.0.0:0", "[::]:0"])
        {
            Lines output = await RunAsync(2, "hub", "--listen", address);
            Assert.True(output.Has("--listen", "--key", "--open"), output.ToString());
        }

        await using ShoalProcess open = ShoalProcess.Start("hub", "hub", "--listen", "0.0.0.0:0", "--open");
        await open.Output.WaitForAsync("action: hub_listen | result: success", "key: open");
    }

    private static async Task RefusedAsync(ShoalProcess peer, string reason)
    {
        await peer.ExpectAsync(1);
        Assert.True(peer.Output.Has("shoal: ", reason), peer.Output.ToString());
    }

    private static async Task<Lines> RunAsync(int exitCode, params string[] arguments)
    {
        await using ShoalProcess process = ShoalProcess.Start("shoal", arguments);
        await process.ExpectAsync(exitCode);
        return process.Output;
    }
}
