using System.Globalization;
using System.Text.Json;
using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay;
using Shoal.Core.Roster;
using Shoal.Hosts.Peer;
using Shoal.Net.Transport;

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

        // Whenever one looks while chunks pass the hub, none is on a disk of its.
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy(names[0]) > 0, "chunks pass the hub");
        do
        {
            AssertKeepsNothing(swarm);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        while (!Array.TrueForAll(peers, peer => peer.HasEnded));
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        AssertKeepsNothing(swarm);
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
    public async Task A_hub_that_lends_its_uplink_spares_those_of_peers_who_could_do_without_it()
    {
        const int length = 2_000_000;
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync("--lend", "100Mbit");
        string[] names = ["anna", "bert", "cleo", "dora"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, length);
        }

        ShoalProcess[] peers =
        [
            .. names.Select(name => swarm.Join(
                name, "--expect", "4", "--up", "8Mbit", "--up-limit", "8Mbit", "--down", "100Mbit")),
        ];
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look(names[0]);
        Assert.Equal(4, expected.Length);
        Assert.All(names, name => Assert.Equal(expected, swarm.Scratch.Look(name)));

        // Three times each byte would have to go up without the hub; with it the plan has each go up once, and what a
        // noisy machine delays may go once more.
        JsonElement[] lines = [.. swarm.ReportOf(names[0]).GetProperty("peers").EnumerateArray()];
        Assert.InRange(lines.Sum(line => line.GetProperty("bytes_sent").GetInt64()), 4 * length, 2 * 4 * length);
        Assert.All(lines, line => Assert.InRange(line.GetProperty("relayed_received").GetInt64(), length, 3 * length));
        Assert.Contains(swarm.LogOf(names[0]), line => line.Contains(
            "action: peer_connect | result: success", StringComparison.Ordinal));
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
    public async Task What_two_cannot_give_each_other_goes_by_the_third_and_the_hub_relays_nothing()
    {
        const int length = 3_000_000;
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using var nowhereOfAnna = new HeldPort();
        using var nowhereOfBert = new HeldPort();
        await using MemoryPeer cleo = Start("cleo", nowhere: null);
        await using MemoryPeer anna = Start("anna", nowhereOfAnna);
        await cleo.Log.WaitForAsync("action: peer_connect | result: success");
        await using MemoryPeer bert = Start("bert", nowhereOfBert);

        foreach (MemoryPeer peer in new[] { anna, bert, cleo })
        {
            var complete = Assert.IsType<SwarmOutcome.Complete>((await peer.CompleteAsync()).Outcome);
            Assert.Equal(3, complete.Report!.Peers.Length);
            Assert.All(complete.Report.Peers, line =>
            {
                Assert.Equal(2 * length, line.Tally.BytesReceived);
                Assert.Equal(0, line.Tally.RelayedReceived);
                Assert.Equal(0, line.Tally.RelayedSent);
            });
            Assert.Equal(peer == cleo ? 2 : 1, peer.Log.Count("action: peer_connect | result: success"));
        }

        Assert.Equal(3, swarm.Scratch.Look("anna").Length);
        Assert.All(["bert", "cleo"], name => Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look(name)));
        await swarm.Hub.Output.WaitForAsync("action: swarm_end | result: success");
        Assert.False(swarm.Hub.Output.Has("action: relay |"), swarm.Hub.Output.ToString());

        // Whoever dials anna or bert is refused; both dial cleo. Until the hub has said that there is a wall, they
        // hope to meet for a second before they use the relay: a long one here, on a busy machine too.
        MemoryPeer Start(string name, HeldPort? nowhere)
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", name[0], length);
            var time = new SlowTime();
            return new MemoryPeer(
                new PeerOptions
                {
                    Swarm = "films",
                    Hub = swarm.Endpoint,
                    Folder = swarm.Scratch[name],
                    Name = name,
                    Listen = new EndpointText("127.0.0.1", 0),
                    Advertise = nowhere is null ? [] : [nowhere.Endpoint],
                    Expect = 3,
                },
                new TcpTransport(new TcpOptions { Time = time }), time: time);
        }
    }

    [Fact]
    public async Task Who_asks_for_more_than_the_limit_is_told_so_and_goes_and_the_others_end()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string[] names = ["anna", "bert"];
        foreach ((int i, string name) in names.Index())
        {
            swarm.Scratch.Write($"{name}/of {name}.bin", (ulong)i, 4_000_000);
        }

        ShoalProcess[] peers =
            [.. names.Select(name => swarm.Join(
                name, "--expect", "2", "--relay", "always", "--up-limit", "16Mbit", "--patience", "5"))];
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 0, "it goes on");
        using (RawLink zoe = await RawLink.JoinAsync(
            new TcpTransport(new TcpOptions()), swarm.Endpoint, "zoe"))
        {
            // Nothing is on its way when she is told, or a reset could overtake it.
            const int wishes = RelayMachine.MostWishes + 1;
            var unheard = new Manifest(
                new ChunkLayout((long)wishes * ChunkLayout.SmallestSize, ChunkLayout.SmallestSize),
                [.. Enumerable.Repeat(default(Digest), wishes)]);
            await zoe.SayAsync(RawLink.Frames(new MemberMessage.Describe([unheard])));
            await zoe.SayAsync(RawLink.Frames(new MemberMessage.ToRelay(
                new PeerMessage.Request([.. Enumerable.Range(0, wishes)
                    .Select(i => new ChunkRef(unheard.Id, new ChunkIndex(i)))]))));
            Assert.Contains("it had too many requests open", await zoe.EndedAsync(), StringComparison.Ordinal);
        }

        await swarm.Hub.Output.WaitForAsync("action: disconnect | result: fail", "it had too many requests open");
        foreach (ShoalProcess peer in peers)
        {
            await peer.ExpectAsync(0);
        }

        Assert.Equal(2, swarm.Scratch.Look("anna").Length);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
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

    /// <summary>The hub has no file open to write to, and has left none where it runs.</summary>
    private static void AssertKeepsNothing(ProcessSwarm swarm)
    {
        Assert.Empty(swarm.Hub.FilesItWrites());
        Assert.Empty(Directory.EnumerateFileSystemEntries(swarm.HubFolder));
    }

    /// <summary>What the hub got of chunks, and what it sent, when the swarm is over.</summary>
    private static async Task<(long In, long Out)> HubBytesAsync(ProcessSwarm swarm)
    {
        string line = await swarm.Hub.Output.WaitForAsync("action: relay | result: success");
        return (Field("bytes_in"), Field("bytes_out"));

        long Field(string key) => long.Parse(ProcessSwarm.FieldOf(line, key), CultureInfo.InvariantCulture);
    }
}
