using System.Globalization;
using System.Text.Json;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Processes that exchange through the hub, because they are told to or cannot reach each other.</summary>
public sealed class RelayTests
{
    [Fact]
    public async Task Four_relayed_processes_end_with_the_same_folder_and_upload_each_byte_once()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo", "dora"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, 4_000_000);
            swarm.Scratch.Write($"{name}/{name}.txt", (ulong)i + 10, 5000);
        }

        const long all = 4 * 4_005_000;
        ShoalProcess[] peers =
            [.. names.Select(name => swarm.Join(name, "--expect", "4", "--relay", "always", "--up-limit", "50Mbit"))];
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look(names[0]);
        Assert.Equal(8, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));
        foreach (JsonElement line in names.SelectMany(
            name => swarm.ReportOf(name).GetProperty("peers").EnumerateArray()))
        {
            Assert.Equal(all * 3 / 4, line.GetProperty("bytes_received").GetInt64());
            Assert.Equal(all * 3 / 4, line.GetProperty("relayed_received").GetInt64());
        }

        // Every byte crosses its owner's uplink once, however noisy the machine is; a late wish may bring it twice.
        (long bytesIn, long bytesOut) = await HubBytesAsync(swarm);
        Assert.InRange(bytesIn, all, (long)(1.02 * all));
        Assert.Equal(3 * all, bytesOut);
        Assert.All(peers, peer => Assert.False(peer.Output.Has("action: peer_connect"), peer.Output.ToString()));
    }

    [Fact]
    public async Task A_relayed_holder_that_is_killed_goes_on_where_it_was_and_nothing_is_lost()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] names = ["anna", "bert", "cleo"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, 6_000_000);
        }

        ShoalProcess[] peers = [.. names.Select(Join)];
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");
        await peers[0].KillAsync();
        peers[0] = Join("anna");
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look("bert");
        Assert.Equal(3, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));

        ShoalProcess Join(string name) =>
            swarm.Join(name, "--expect", "3", "--relay", "always", "--up-limit", "32Mbit", "--patience", "60");
    }

    [Fact]
    public async Task A_direct_path_that_breaks_is_relayed_and_a_mended_one_is_used_again()
    {
        const int length = 24_000_000;
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using var listen = new HeldPort();
        using var nowhere = new HeldPort();
        await using var path = new Forwarder(listen.Address);
        swarm.Scratch.Write("anna/film.mkv", 1, length);
        ShoalProcess anna = swarm.Join(
            "anna", "--expect", "2", "--up-limit", "32Mbit", "--listen", listen.Address, "--advertise", path.Address);
        ShoalProcess bert = swarm.Join("bert", "--expect", "2", "--advertise", nowhere.Address);

        await bert.Output.WaitForAsync("action: peer_connect | result: success");
        await MoreAsync();
        path.Cut();
        await MoreAsync();
        path.Mend();
        await Limits.UntilAsync(
            () => bert.Output.Count("action: peer_connect | result: success") > 1 || bert.HasEnded, "a path again");
        await bert.ExpectAsync(0);
        await anna.ExpectAsync(0);

        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        JsonElement line = swarm.ReportOf("bert").GetProperty("peers").EnumerateArray()
            .Single(peer => peer.GetProperty("name").GetString() == "bert");
        Assert.Equal(length, line.GetProperty("bytes_received").GetInt64());
        Assert.InRange(line.GetProperty("relayed_received").GetInt64(), 1_000_000, length - 1_000_000);

        async Task MoreAsync()
        {
            long before = swarm.TryBytesStoredBy("bert");
            await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > before + 3_000_000, "more has come");
        }
    }

    [Fact]
    public async Task Who_may_not_use_the_relay_and_reaches_nobody_says_what_is_missing_and_fails()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using var portOfAnna = new HeldPort();
        using var portOfBert = new HeldPort();
        swarm.Scratch.Write("anna/of anna.bin", 1, 300_000);
        swarm.Scratch.Write("bert/of bert.bin", 2, 300_000);
        ShoalProcess[] peers = [Join("anna", portOfAnna), Join("bert", portOfBert)];

        await peers[0].ExpectAsync(1);
        await peers[1].ExpectAsync(1);

        Assert.Equal("of bert.bin", MissingOf("anna"));
        Assert.Equal("of anna.bin", MissingOf("bert"));
        Assert.Single(swarm.Scratch.Look("anna"));

        // Whoever dials them is refused: nobody listens where they say.
        ShoalProcess Join(string name, HeldPort nowhere) => swarm.Join(
            name, "--expect", "2", "--relay", "never", "--patience", "3", "--advertise", nowhere.Address);

        string? MissingOf(string name) =>
            Assert.Single(swarm.ReportOf(name).GetProperty("missing").EnumerateArray()).GetProperty("name").GetString();
    }

    /// <summary>What the hub got of chunks, and what it sent, when the swarm is over.</summary>
    private static async Task<(long In, long Out)> HubBytesAsync(ProcessSwarm swarm)
    {
        string line = await swarm.Hub.Output.WaitForAsync("action: relay | result: success");
        return (Field("bytes_in"), Field("bytes_out"));

        long Field(string key) => long.Parse(ProcessSwarm.FieldOf(line, key), CultureInfo.InvariantCulture);
    }
}
