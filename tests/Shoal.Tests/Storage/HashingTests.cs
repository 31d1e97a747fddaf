using Shoal.Core.Content;
using Shoal.Storage;

namespace Shoal.Tests.Storage;

/// <summary>What is hashed, what is remembered, and what happens when files change meanwhile.</summary>
public sealed class HashingTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task An_unchanged_file_is_not_hashed_again()
    {
        _temp.Write("a", TempFolder.RandomBytes(1, 50_000));
        _temp.Write("b", TempFolder.RandomBytes(2, 1000));
        _temp.Write("c", TempFolder.RandomBytes(3, 100));
        FolderContents first = await ReadAsync();
        Assert.Equal(51_100, first.HashedBytes);
        FolderContents second = await ReadAsync();
        Assert.Equal(0, second.HashedBytes);
        Assert.Equal(first.Manifests.Select(m => m.Id), second.Manifests.Select(m => m.Id));

        // Changed in place with its time set back, renamed, deleted.
        _temp.Write("b", TempFolder.RandomBytes(4, 1000));
        File.Move(_temp["c"], _temp["d"]);
        Assert.Equal(1100, (await ReadAsync()).HashedBytes);
        File.Delete(_temp["a"]);
        Assert.Equal(0, (await ReadAsync()).HashedBytes);
        _temp.Write("a", TempFolder.RandomBytes(1, 50_000));
        Assert.Equal(50_000, (await ReadAsync()).HashedBytes);
    }

    [Fact]
    public async Task Another_chunk_size_is_another_content()
    {
        _temp.Write("a", TempFolder.RandomBytes(1, 50_000));
        FolderContents small = await ReadAsync();
        using SwarmFolder folder = SwarmFolder.Open(
            new SwarmFolderOptions { Path = _temp.Root, PeerName = "me" });
        FolderContents normal = await TempFolder.ReadAsync(folder);
        Assert.Equal(50_000, normal.HashedBytes);
        Assert.Equal(ChunkLayout.SmallestDefaultSize, Assert.Single(normal.Manifests).Layout.ChunkSize);
        Assert.NotEqual(small.Manifests[0].Id, normal.Manifests[0].Id);
    }

    [Fact]
    public async Task Damaged_remembered_hashes_cost_only_time()
    {
        for (int i = 0; i < 5; i++)
        {
            _temp.Write($"f{i}", TempFolder.RandomBytes(1, 100));
        }

        FolderContents first = await ReadAsync();
        byte[] hashes = File.ReadAllBytes(_temp[".shoal/hashes"]);
        long most = 0;
        for (int at = 0; at < hashes.Length; at += 17)
        {
            byte[] damaged = [.. hashes];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(_temp[".shoal/hashes"], at % 2 == 0 ? damaged : damaged.AsSpan(0, at));
            FolderContents again = await ReadAsync();
            Assert.Equal(first.Manifests.Select(m => m.Id), again.Manifests.Select(m => m.Id));
            Assert.InRange(again.HashedBytes, 100, 500);
            most = Math.Max(most, again.HashedBytes);
            Assert.Equal(0, (await ReadAsync()).HashedBytes);
        }

        Assert.Equal(500, most);
    }

    [Fact]
    public async Task A_file_that_is_too_young_is_not_remembered()
    {
        File.WriteAllBytes(_temp["a"], [1, 2, 3]);
        File.SetLastWriteTimeUtc(_temp["a"], DateTime.UtcNow.AddSeconds(10));
        await ReadAsync();
        Assert.Equal(3, (await ReadAsync()).HashedBytes);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_hashed_is_hashed_again()
    {
        byte[] bytes = TempFolder.RandomBytes(1, 100_000);
        _temp.Write("a", bytes);
        int changes = 0;
        FolderContents contents = await ReadAsync(new Watcher(_ =>
        {
            if (changes++ == 0)
            {
                File.AppendAllText(_temp["a"], "!");
            }
        }));
        Assert.Empty(contents.Notes);
        Assert.Equal(TempFolder.ManifestOf([.. bytes, (byte)'!']).Id, Assert.Single(contents.Manifests).Id);
    }

    [Fact]
    public async Task A_file_that_never_stays_the_same_is_skipped_with_a_note()
    {
        _temp.Write("a", TempFolder.RandomBytes(1, 100_000));
        _temp.Write("b", [1]);
        FolderContents contents = await ReadAsync(new Watcher(p =>
        {
            if (p.Name == "a")
            {
                File.AppendAllText(_temp["a"], "!");
            }
        }));
        Assert.Equal("a", Assert.Single(contents.Notes).Name);
        Assert.Single(contents.Manifests);

        // Its name is taken all the same.
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
    }

    [Fact]
    public async Task Progress_ends_with_all()
    {
        for (int i = 0; i < 20; i++)
        {
            _temp.Write($"{i}", TempFolder.RandomBytes((ulong)i, 20_000 * (i % 3)));
        }

        var seen = new List<FolderProgress>();
        FolderContents contents = await ReadAsync(new Watcher(seen.Add));
        Assert.Equal(contents.HashedBytes, seen[^1].DoneBytes);
        Assert.Equal(seen[^1].TotalBytes, seen[^1].DoneBytes);
        Assert.Equal(seen[^1].TotalFiles, seen[^1].DoneFiles);
        Assert.Equal(seen.OrderBy(p => p.DoneBytes), seen);
    }

    [Fact]
    public async Task Cancelled_hashing_keeps_what_it_has_and_frees_the_folder()
    {
        for (int i = 0; i < 50; i++)
        {
            _temp.Write($"{i:00}", TempFolder.RandomBytes((ulong)i, 1000));
        }

        using var stop = new CancellationTokenSource();
        using (SwarmFolder folder = _temp.Open())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => folder.ReadAsync(
                new Watcher(p =>
                {
                    if (p.DoneFiles == 20)
                    {
                        stop.Cancel();
                    }
                }), stop.Token));
        }

        Assert.InRange((await ReadAsync()).HashedBytes, 25_000, 30_000);
    }

    private async Task<FolderContents> ReadAsync(IProgress<FolderProgress>? progress = null)
    {
        using SwarmFolder folder = _temp.Open();
        return await folder.ReadAsync(progress, TestContext.Current.CancellationToken);
    }

    private sealed class Watcher(Action<FolderProgress> seen) : IProgress<FolderProgress>
    {
        public void Report(FolderProgress value) => seen(value);
    }
}
