using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Processes;

/// <summary>Disks that are full or read-only, and files that change or vanish while they are served.</summary>
public sealed class DiskTests
{
    private static readonly string[] Names = ["anna", "bert", "cleo"];

    [Fact]
    public async Task Without_room_for_all_nothing_is_fetched()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/film.mkv", 1, 6_000_000);
        using Mount disk = Mount.RamDisk(swarm.Scratch.Folder("bert"), "size=4m");
        swarm.Join("anna", "--expect", "2");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2");
        await bert.ExpectAsync(1);
        Assert.True(bert.Output.Has("shoal: ", "not enough room", "bert", "6,000,000"), bert.Output.ToString());
        Assert.Equal(0, swarm.BytesStoredBy("bert"));
        Assert.Empty(swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task A_disk_that_fills_up_ends_the_peer_and_with_room_again_it_goes_on()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        swarm.Scratch.Write("anna/film.mkv", 1, 6_000_000);
        using Mount disk = Mount.RamDisk(swarm.Scratch.Folder("bert"), "size=8m");
        swarm.Join("anna", "--expect", "2", "--up-limit", "8Mbit");
        ShoalProcess bert = swarm.Join("bert", "--expect", "2");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");
        string thief = swarm.Scratch["bert/.shoal/thief"];
        Assert.Throws<IOException>(() => File.WriteAllBytes(thief, new byte[8_000_000]));

        await bert.ExpectAsync(1);
        Assert.True(bert.Output.Has("shoal: ", "No space left"), bert.Output.ToString());
        Assert.DoesNotContain(swarm.Scratch.Look("bert"), line => line.StartsWith("film", StringComparison.Ordinal));

        File.Delete(thief);
        await swarm.Join("bert", "--expect", "2").ExpectAsync(0);
        Assert.Equal(swarm.Scratch.Look("anna"), swarm.Scratch.Look("bert"));
        Assert.InRange(swarm.BytesStoredBy("bert"), 6_000_000, 6_500_000);
    }

    [Fact]
    public async Task A_read_only_folder_is_said_to_be_one()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        using Mount disk = Mount.RamDisk(swarm.Scratch.Folder("bert"), "size=4m");
        disk.MakeReadOnly();
        ShoalProcess bert = swarm.Join("bert");
        await bert.ExpectAsync(1);
        Assert.True(bert.Output.Has("shoal: ", swarm.Scratch["bert"], "read-only"), bert.Output.ToString());
        Assert.False(swarm.Hub.Output.Has("action: join"));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_served_is_served_no_more()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string film = swarm.Scratch.Write("anna/film.mkv", 1, 6_000_000);
        swarm.Scratch.Write("anna/notes.txt", 2, 1000);
        ShoalProcess[] peers = Join(swarm, "--up-limit", "8Mbit");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");
        await File.WriteAllBytesAsync(film, Scratch.Bytes(3, 6_000_000), TestContext.Current.CancellationToken);

        foreach ((int i, ShoalProcess peer) in peers.Index())
        {
            await peer.ExpectAsync(1);
            await ShowsMissingAsync(swarm, Names[i], peer);
        }

        string[] rest = [.. swarm.Scratch.Look("anna").Where(l => l.StartsWith("notes", StringComparison.Ordinal))];
        Assert.Equal(rest, swarm.Scratch.Look("bert"));
        Assert.Equal(rest, swarm.Scratch.Look("cleo"));
        await EndsWithAsync(swarm, files: 2);
    }

    [Fact]
    public async Task A_file_that_vanishes_while_it_is_served_fails_its_owner_and_nobody_else()
    {
        await using ProcessSwarm swarm = await ProcessSwarm.BeginAsync();
        string film = swarm.Scratch.Write("anna/film.mkv", 1, 6_000_000);
        string[] expected = swarm.Scratch.Look("anna");
        ShoalProcess[] peers = Join(swarm, "--up-limit", "8Mbit");
        await Limits.UntilAsync(() => swarm.TryBytesStoredBy("bert") > 1_000_000, "it goes on");
        File.Delete(film);

        await peers[0].ExpectAsync(1);
        await ShowsMissingAsync(swarm, "anna", peers[0]);
        await peers[1].ExpectAsync(0);
        await peers[2].ExpectAsync(0);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
        Assert.Equal(expected, swarm.Scratch.Look("cleo"));
        await EndsWithAsync(swarm, files: 1);
    }

    private static ShoalProcess[] Join(ProcessSwarm swarm, params string[] arguments) =>
        [.. Names.Select(name => swarm.Join(name, ["--expect", "3", .. arguments]))];

    private static async Task ShowsMissingAsync(ProcessSwarm swarm, string name, ShoalProcess peer)
    {
        await peer.Output.WaitForAsync("action: withdraw | result: fail", "film.mkv", "anna", "changed or vanished");
        await peer.Output.WaitForAsync("missing film.mkv", "anna");
        var missing = Assert.Single(swarm.ReportOf(name).GetProperty("missing").EnumerateArray());
        Assert.Equal("film.mkv", missing.GetProperty("name").GetString());
    }

    // Run again, with the files as they are now, everything comes.
    private static async Task EndsWithAsync(ProcessSwarm swarm, int files)
    {
        foreach (ShoalProcess peer in Join(swarm))
        {
            await peer.ExpectAsync(0);
        }

        string[] expected = swarm.Scratch.Look("anna");
        Assert.Equal(files, expected.Length);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
        Assert.Equal(expected, swarm.Scratch.Look("cleo"));
    }
}
