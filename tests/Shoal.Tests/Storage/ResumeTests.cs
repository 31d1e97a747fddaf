using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Tests.Storage;

/// <summary>Target folders after their process died, or the machine stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly byte[] X = TempFolder.RandomBytes(1, (3 * TempFolder.ChunkSize) + 100);
    private static readonly byte[] Y = TempFolder.RandomBytes(2, 300);
    private static readonly Manifest Mx = TempFolder.ManifestOf(X), My = TempFolder.ManifestOf(Y);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Verified_chunks_are_not_fetched_again()
    {
        await BeginAsync("boot 1");
        using SwarmFolder folder = _temp.Open();
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Bitfield chunks = contents.Holdings.Single(h => h.Content == Mx.Id).Chunks;
        Assert.Equal([false, true, false, true], Enumerable.Range(0, 4).Select(i => chunks[i]));
        Assert.Equal(0, contents.HashedBytes);
        Finish(folder);
    }

    [Fact]
    public async Task A_process_killed_at_any_byte_of_the_journal_leaves_nothing_wrong()
    {
        await BeginAsync("boot 1");
        byte[] journal = File.ReadAllBytes(_temp[".shoal/journal"]);
        byte[] incoming = File.ReadAllBytes(_temp[".shoal/incoming/" + Mx.Id]);
        int last = -1;
        for (int length = 0; length <= journal.Length; length += length < journal.Length - 100 ? 13 : 1)
        {
            File.WriteAllBytes(_temp[".shoal/journal"], journal.AsSpan(0, length));
            File.WriteAllBytes(_temp[".shoal/incoming/" + Mx.Id], incoming);
            using SwarmFolder folder = _temp.Open();
            FolderContents contents = await TempFolder.ReadAsync(folder);
            int held = 0;
            foreach (Holding holding in contents.Holdings.Where(h => h.Content == Mx.Id))
            {
                held = holding.Chunks.SetCount;
                AssertHolds(folder, holding);
            }

            Assert.True(held >= last, $"{held} chunks at {length} bytes of the journal, {last} before");
            last = held;
            Assert.Equal(["y"], _temp.List());
        }

        Assert.Equal(2, last);
    }

    [Fact]
    public async Task A_damaged_journal_ends_at_the_damage()
    {
        await BeginAsync("boot 1");
        byte[] journal = File.ReadAllBytes(_temp[".shoal/journal"]);
        byte[] incoming = File.ReadAllBytes(_temp[".shoal/incoming/" + Mx.Id]);
        for (int at = 0; at < journal.Length; at += 13)
        {
            byte[] damaged = [.. journal];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(_temp[".shoal/journal"], damaged);
            File.WriteAllBytes(_temp[".shoal/incoming/" + Mx.Id], incoming);
            using SwarmFolder folder = _temp.Open();
            foreach (Holding holding in (await TempFolder.ReadAsync(folder)).Holdings)
            {
                AssertHolds(folder, holding);
            }
        }
    }

    [Fact]
    public async Task Killed_between_journal_and_rename_the_name_comes_later()
    {
        using (SwarmFolder folder = _temp.Open())
        {
            await TempFolder.ReadAsync(folder);
            TempFolder.Receive(folder, TempFolder.P, "y", Y);
        }

        File.Move(_temp["y"], _temp[".shoal/incoming/" + My.Id]);
        using (SwarmFolder folder = _temp.Open())
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.True(Assert.Single(contents.Holdings).Chunks.IsComplete);
            Assert.Empty(contents.Shares);
            Assert.Single(folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("y", My))));
            Assert.Equal(Y, File.ReadAllBytes(_temp["y"]));
        }
    }

    [Theory]
    [InlineData("boot 2")]
    [InlineData("")]
    public async Task After_a_start_of_the_machine_all_is_hashed_again(string bootId)
    {
        await BeginAsync("boot 1");
        using SwarmFolder folder = _temp.Open(bootId);
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Assert.Equal(TempFolder.ChunkSize + 100 + Y.Length, contents.HashedBytes);
        Assert.Equal(2, contents.Holdings.Single(h => h.Content == Mx.Id).Chunks.SetCount);
        Assert.Equal(["y"], TempFolder.Names(contents, TempFolder.P));
        Assert.Empty(contents.Notes);
        Finish(folder);
    }

    [Fact]
    public async Task What_the_machine_lost_is_found_and_fetched_again()
    {
        await BeginAsync("boot 1");
        Damage(".shoal/incoming/" + Mx.Id, TempFolder.ChunkSize + 5);
        Damage("y", 7);
        using SwarmFolder folder = _temp.Open("boot 2");
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Assert.Equal(2, contents.Notes.Length);
        Bitfield chunks = Assert.Single(contents.Holdings).Chunks;
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(i => chunks[i]));
        Assert.Empty(contents.Shares);
        Assert.Empty(_temp.List());
        Assert.Equal("y", Assert.Single(TempFolder.Receive(folder, TempFolder.P, "y", Y)).Local.Value);
        Finish(folder);
    }

    [Fact]
    public async Task Of_a_damaged_large_file_only_the_wrong_chunks_are_fetched_again()
    {
        using (SwarmFolder folder = _temp.Open())
        {
            await TempFolder.ReadAsync(folder);
            TempFolder.Receive(folder, TempFolder.P, "x", X);
        }

        Damage("x", 2 * TempFolder.ChunkSize);
        using (SwarmFolder folder = _temp.Open("boot 2"))
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal("x", Assert.Single(contents.Notes).Name);
            Bitfield chunks = Assert.Single(contents.Holdings).Chunks;
            Assert.Equal([true, true, false, true], Enumerable.Range(0, 4).Select(i => chunks[i]));
            Assert.Empty(_temp.List());
        }

        // What was found out is in the journal now.
        using (SwarmFolder folder = _temp.Open("boot 2"))
        {
            Assert.Equal(0, (await TempFolder.ReadAsync(folder)).HashedBytes);
            folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("x", Mx)));
            TempFolder.StoreChunk(folder, Mx, X, 2);
            Assert.Single(folder.Complete(Mx.Id));
            Assert.Equal(X, File.ReadAllBytes(_temp["x"]));
        }
    }

    [Fact]
    public async Task Once_hashed_after_a_start_it_is_not_hashed_at_the_next()
    {
        await BeginAsync("boot 1");
        using (SwarmFolder folder = _temp.Open("boot 2"))
        {
            await TempFolder.ReadAsync(folder);
        }

        using (SwarmFolder folder = _temp.Open("boot 2"))
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(0, contents.HashedBytes);
            Assert.Equal(["y"], TempFolder.Names(contents, TempFolder.P));
        }
    }

    [Fact]
    public async Task Shortened_and_missing_incoming_files_count_as_far_as_they_go()
    {
        await BeginAsync("boot 1");
        string incoming = _temp[".shoal/incoming/" + Mx.Id];
        using (var file = File.OpenWrite(incoming))
        {
            file.SetLength(3 * TempFolder.ChunkSize);
        }

        using (SwarmFolder folder = _temp.Open())
        {
            Holding holding = (await TempFolder.ReadAsync(folder)).Holdings.Single(h => h.Content == Mx.Id);
            Assert.Equal(1, holding.Chunks.SetCount);
            AssertHolds(folder, holding);
        }

        File.Delete(incoming);
        File.WriteAllBytes(_temp[".shoal/incoming/stray"], [1]);
        using (SwarmFolder folder = _temp.Open())
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(My.Id, Assert.Single(contents.Holdings).Content);
            Assert.Empty(Directory.EnumerateFiles(_temp[".shoal/incoming"]));
            Finish(folder);
        }
    }

    [Fact]
    public async Task Contents_that_nobody_wants_any_more_go()
    {
        await BeginAsync("boot 1");
        using (SwarmFolder folder = _temp.Open())
        {
            await TempFolder.ReadAsync(folder);
            Assert.Equal(1, folder.ForgetLeftovers());
            Assert.Empty(Directory.EnumerateFiles(_temp[".shoal/incoming"]));
            Assert.Equal(StoreOutcome.Unknown, TempFolder.StoreChunk(folder, Mx, X, 0));

            folder.Prepare(Mx);
            TempFolder.StoreChunk(folder, Mx, X, 0);
            Assert.Equal(0, folder.ForgetLeftovers());
            folder.Forget(Mx.Id);
            folder.Forget(My.Id);
            Assert.Equal(Y, TempFolder.ReadAll(folder, My));
        }

        using (SwarmFolder folder = _temp.Open())
        {
            Assert.Equal(My.Id, Assert.Single((await TempFolder.ReadAsync(folder)).Holdings).Content);
        }
    }

    [Fact]
    public async Task The_journal_does_not_grow_with_every_run()
    {
        await BeginAsync("boot 1");
        long length = 0;
        for (int run = 0; run < 3; run++)
        {
            using SwarmFolder folder = _temp.Open();
            await TempFolder.ReadAsync(folder);
            length = run == 0 ? new FileInfo(_temp[".shoal/journal"]).Length : length;
        }

        Assert.Equal(length, new FileInfo(_temp[".shoal/journal"]).Length);
    }

    [Fact]
    public async Task Beyond_four_gibibytes_few_chunks_make_a_sparse_file()
    {
        const int size = ChunkLayout.LargestSize;
        var layout = new ChunkLayout((5L << 30) + 1, size);
        byte[] bytes = TempFolder.RandomBytes(3, 64 * 1024);
        byte[] chunk = new byte[size];
        bytes.CopyTo(chunk, size - bytes.Length);
        var right = new Digest(System.Security.Cryptography.SHA256.HashData(chunk));
        var lastRight = new Digest(System.Security.Cryptography.SHA256.HashData((byte[])[42]));
        int beyond = 1 << 10, last = layout.ChunkCount - 1;
        Assert.Equal(4L << 30, layout.RangeOf(new ChunkIndex(beyond)).Offset);
        var manifest = new Manifest(
            layout, [.. Enumerable.Range(0, layout.ChunkCount).Select(i => i == last ? lastRight : right)]);
        using (SwarmFolder folder = _temp.Open())
        {
            await TempFolder.ReadAsync(folder);
            folder.Prepare(manifest);
            Assert.Equal(manifest.Length, folder.MeasureSpace().Needed);
            Assert.Equal(StoreOutcome.Stored, folder.Store(
                new ChunkRef(manifest.Id, new ChunkIndex(beyond)), chunk));
            Assert.Equal(StoreOutcome.Stored, folder.Store(
                new ChunkRef(manifest.Id, new ChunkIndex(last)), [42]));
            Assert.Equal(manifest.Length - size - 1, folder.MeasureSpace().Needed);
        }

        Assert.Equal(manifest.Length, new FileInfo(_temp[".shoal/incoming/" + manifest.Id]).Length);
        using (SwarmFolder folder = _temp.Open("boot 2"))
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(size + 1, contents.HashedBytes);
            Assert.Equal(2, Assert.Single(contents.Holdings).Chunks.SetCount);
            byte[] read = new byte[bytes.Length];
            Assert.Equal(ReadOutcome.Done, folder.Read(manifest.Id, (4L << 30) + size - bytes.Length, read));
            Assert.Equal(bytes, read);
            Assert.Equal(ReadOutcome.Done, folder.Read(manifest.Id, 5L << 30, read.AsSpan(0, 1)));
            Assert.Equal(42, read[0]);
            Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, (4L << 30) - 1, read));
            Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, 5L << 30, read.AsSpan(0, 2)));
            Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, long.MaxValue, read));
        }
    }

    // One file complete, of the other chunks 1 and 3; then the process is gone.
    private async Task BeginAsync(string bootId)
    {
        using SwarmFolder folder = _temp.Open(bootId);
        await TempFolder.ReadAsync(folder);
        TempFolder.Receive(folder, TempFolder.P, "y", Y);
        folder.Prepare(Mx);
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("x", Mx)));
        TempFolder.StoreChunk(folder, Mx, X, 3);
        TempFolder.StoreChunk(folder, Mx, X, 1);
    }

    private void Finish(SwarmFolder folder)
    {
        folder.Prepare(Mx);
        folder.Place(TempFolder.Share(
            TempFolder.P, 1, TempFolder.FileEntry("x", Mx), TempFolder.FileEntry("y", My)));
        for (int i = 0; i < Mx.ChunkCount; i++)
        {
            TempFolder.StoreChunk(folder, Mx, X, i);
        }

        Assert.Equal("x", Assert.Single(folder.Complete(Mx.Id)).Local.Value);
        Assert.Equal(["x", "y"], _temp.List());
        Assert.Equal(X, File.ReadAllBytes(_temp["x"]));
        Assert.Equal(Y, File.ReadAllBytes(_temp["y"]));
    }

    private static void AssertHolds(SwarmFolder folder, Holding holding)
    {
        (Manifest manifest, byte[] bytes) = holding.Content == Mx.Id ? (Mx, X) : (My, Y);
        for (int i = 0; i < manifest.ChunkCount; i++)
        {
            if (holding.Chunks[i])
            {
                ByteRange range = manifest.Layout.RangeOf(new ChunkIndex(i));
                var read = new byte[range.Length];
                Assert.Equal(ReadOutcome.Done, folder.Read(manifest.Id, range.Offset, read));
                Assert.True(read.AsSpan().SequenceEqual(bytes.AsSpan((int)range.Offset, range.Length)));
            }
        }
    }

    // As a disk does that lost power: the bytes change, length and time do not.
    private void Damage(string name, int at)
    {
        DateTime time = File.GetLastWriteTimeUtc(_temp[name]);
        byte[] bytes = File.ReadAllBytes(_temp[name]);
        bytes[at] ^= 1;
        using (FileStream file = File.OpenWrite(_temp[name]))
        {
            file.Write(bytes);
        }

        File.SetLastWriteTimeUtc(_temp[name], time);
    }
}
