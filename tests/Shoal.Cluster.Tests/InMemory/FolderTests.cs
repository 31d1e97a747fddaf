using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Content;
using Shoal.Hosts.Peer;

namespace Shoal.Cluster.Tests.InMemory;

public sealed class FolderTests
{
    [Fact]
    public async Task Empty_files_and_folders_names_times_and_modes_travel()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        Scratch scratch = swarm.Scratch;
        string[] names =
        [
            "empty", "sub/empty too", "Ελλάδα/ποίημα.txt", "日本/写真.jpg", "שלום/مرحبا.txt", "emoji 🐟🐟.bin",
            "cafe\u0301.txt", "-n --help", "a%20b;c&d'e\"f",
        ];
        foreach ((int i, string name) in names.Index())
        {
            scratch.Write($"anna/{name}", (ulong)i, name.Contains("empty", StringComparison.Ordinal) ? 0 : 3000 + i);
        }

        string script = scratch.Write("anna/run.sh", "#!/bin/sh\n"u8.ToArray());
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(script, new DateTime(1999, 12, 31, 23, 59, 58, 765, DateTimeKind.Utc));
        scratch.Folder("anna/nothing/in/here");
        scratch.Folder("bert/空");

        MemoryPeer[] peers = swarm.StartAll("anna", "bert");
        await peers[0].CompleteAsync();
        await peers[1].CompleteAsync();

        string[] expected = scratch.Look("anna");
        Assert.Equal(names.Length + 3, expected.Length);
        Assert.Contains("nothing/in/here/", expected);
        Assert.Contains("空/", expected);
        Assert.Single(expected, line => line.StartsWith("run.sh ", StringComparison.Ordinal)
            && line.EndsWith(" 946684798765 x", StringComparison.Ordinal));
        Assert.Equal(expected, scratch.Look("bert"));
    }

    [Fact]
    public async Task The_same_content_under_two_names_or_from_two_owners_is_sent_once()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/one.bin", 1, 500_000);
        swarm.Scratch.Write("anna/deep/two.bin", 1, 500_000);
        swarm.Scratch.Write("bert/three.bin", 1, 500_000);

        MemoryPeer[] peers = swarm.StartAll("anna", "bert", "cleo");
        PeerResult[] results = [.. await Task.WhenAll(peers.Select(peer => peer.CompleteAsync()))];

        Assert.Equal(0, BytesOver(peers[0]));
        Assert.Equal(0, BytesOver(peers[1]));
        Assert.Equal(500_000, BytesOver(peers[2]));
        Assert.Equal(3, results[2].Files.Length);
        string[] expected = swarm.Scratch.Look("anna");
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
        Assert.Equal(expected, swarm.Scratch.Look("cleo"));
    }

    [Fact]
    public async Task Run_again_on_complete_folders_nothing_is_hashed_or_sent()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 300_000);
        swarm.Scratch.Write("anna/empty", []);
        swarm.Scratch.Folder("anna/folder");
        swarm.Scratch.Write("bert/b.bin", 2, 300_000);
        await Task.WhenAll(swarm.StartAll("anna", "bert").Select(peer => peer.CompleteAsync()));
        string[] expected = swarm.Scratch.Look("anna");

        for (int run = 0; run < 2; run++)
        {
            MemoryPeer[] again = swarm.StartAll("anna", "bert");
            await Task.WhenAll(again.Select(peer => peer.CompleteAsync()));
            Assert.All(again, peer => Assert.True(peer.Log.Has("read_folder | result: success", "hashed_bytes: 0")));
            Assert.All(again, peer => Assert.Equal(0, BytesOver(peer)));
        }

        Assert.Equal(expected, swarm.Scratch.Look("anna"));
        Assert.Equal(expected, swarm.Scratch.Look("bert"));
    }

    [Fact]
    public async Task Clashing_names_live_side_by_side()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/notes.txt", 1, 1000);
        swarm.Scratch.Write("bert/notes.txt", 2, 2000);
        swarm.Scratch.Write("cleo/NOTES.txt", 3, 3000);
        MemoryPeer anna = swarm.Start("anna", options => options with { Expect = 3 });
        await anna.Log.WaitForAsync("action: join");
        MemoryPeer bert = swarm.Start("bert");
        await bert.Log.WaitForAsync("action: join");
        MemoryPeer cleo = swarm.Start("cleo");
        await Task.WhenAll(anna.CompleteAsync(), bert.CompleteAsync(), cleo.CompleteAsync());

        Assert.Equal(["NOTES (from cleo).txt", "notes (from bert).txt", "notes.txt"], NamesIn("anna"));
        Assert.Equal(["NOTES (from cleo).txt", "notes (from anna).txt", "notes.txt"], NamesIn("bert"));
        Assert.Equal(["NOTES.txt", "notes (from anna).txt", "notes (from bert).txt"], NamesIn("cleo"));

        string[] NamesIn(string folder) =>
            [.. swarm.Scratch.Look(folder)
                .Select(line => line[..(line.IndexOf(".txt", StringComparison.Ordinal) + 4)])];
    }

    [Fact]
    public async Task Of_a_large_content_each_chunk_comes_once()
    {
        await using MemorySwarm swarm = await MemorySwarm.BeginAsync();
        swarm.Scratch.Write("anna/a.bin", 1, 5_000_000);
        MemoryPeer[] peers = [.. swarm.StartAll("anna", "bert", "cleo")];
        await Task.WhenAll(peers.Select(peer => peer.CompleteAsync()));

        int chunks = new ChunkLayout(5_000_000, ChunkLayout.SmallestDefaultSize).ChunkCount;
        Assert.Equal(chunks, peers[1].Log.Count("action: chunk_store"));
        Assert.Equal(chunks, peers[2].Log.Count("action: chunk_store"));
    }

    private static long BytesOver(MemoryPeer peer) => peer.Log.All
        .Where(line => line.Contains("action: chunk_store", StringComparison.Ordinal))
        .Sum(line => long.Parse(
            ProcessSwarm.FieldOf(line, "bytes"), System.Globalization.CultureInfo.InvariantCulture));
}
