using System.Diagnostics;
using System.Runtime.InteropServices;
using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Storage;
using Shoal.Storage.Files;

namespace Shoal.Tests.Storage;

public sealed class FilesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("*.tmp", "a.tmp", true)]
    [InlineData("*.tmp", "x/y/a.tmp", true)]
    [InlineData("*.tmp", "a.tmp.txt", false)]
    [InlineData("*.TMP", "a.tmp", false)]
    [InlineData("b?ild", "x/build", true)]
    [InlineData("build", "rebuild", false)]
    [InlineData("build/*.o", "build/a.o", true)]
    [InlineData("build/*.o", "x/build/a.o", false)]
    [InlineData("/build", "build", true)]
    [InlineData("build/**", "build/x/y", true)]
    [InlineData("build/**", "build", false)]
    [InlineData("**/cache/*", "a/b/cache/c", true)]
    [InlineData("**/cache/*", "cache/c", true)]
    [InlineData("a/**/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/b/c/y", false)]
    public void Globs_mean_what_users_expect(string glob, string name, bool expected) =>
        Assert.Equal(expected, new ExcludeGlobs([glob]).Match(name, FileKind.File));

    [Fact]
    public void A_glob_with_a_slash_at_its_end_means_folders()
    {
        var globs = new ExcludeGlobs(["obj/"]);
        Assert.True(globs.Match("x/obj", FileKind.Folder));
        Assert.False(globs.Match("x/obj", FileKind.File));
    }

    [Fact]
    public async Task What_is_excluded_is_not_shared_but_its_name_is_taken()
    {
        _temp.Write("keep.txt", [1]);
        _temp.Write("note.tmp", [2]);
        _temp.Write("obj/a", [3]);
        using (SwarmFolder folder = _temp.Open(excludes: ["*.tmp", "obj/"]))
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(["keep.txt"], TempFolder.Names(contents, folder.Peer));
            Assert.Empty(contents.Notes);
            TempFolder.Receive(folder, TempFolder.P, "note.tmp", TempFolder.RandomBytes(1, 10));
            TempFolder.Receive(folder, TempFolder.P, "obj/b", TempFolder.RandomBytes(2, 10));
            TempFolder.Receive(folder, TempFolder.P, "obj/a", TempFolder.RandomBytes(3, 10));
            string[] all =
                ["keep.txt", "note (from pat).tmp", "note.tmp", "obj/", "obj/a", "obj/a (from pat)", "obj/b"];
            Assert.Equal(all, _temp.List());
        }

        // What came is offered on, wherever it lies.
        using (SwarmFolder folder = _temp.Open(excludes: ["*.tmp", "obj/"]))
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(["keep.txt"], TempFolder.Names(contents, folder.Peer));
            Assert.Equal(["note.tmp", "obj/a", "obj/b"], TempFolder.Names(contents, TempFolder.P));
        }
    }

    [Fact]
    public async Task What_cannot_be_shared_is_skipped_with_a_note()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Makes names and files that only Linux has.");
        _temp.Write("back\\slash", [1]);
        _temp.Write("con.txt", [1]);
        _temp.Write("sub/.shoal", [1]);
        using (Process made = Process.Start("mkfifo", [_temp["pipe"]]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        byte[] latin = [.. System.Text.Encoding.UTF8.GetBytes(_temp["latin-"]), 0xE9, 0];
        Assert.Equal(0, Mkdir(latin, 0x1FF));
        using SwarmFolder folder = _temp.Open();
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Assert.Equal(0, Rmdir(latin));
        Assert.Equal(["sub/.shoal"], TempFolder.Names(contents, folder.Peer));
        Assert.Equal(["back\\slash", "con.txt", "latin-\uFFFD", "pipe"], contents.Notes.Select(n => n.Name));
        Assert.Equal("pipe (from pat)",
            Assert.Single(TempFolder.Receive(folder, TempFolder.P, "pipe", [1])).Local.Value);
    }

    [Fact]
    public async Task Names_in_every_script_come_and_go_unchanged()
    {
        string[] names =
        [
            "English", "Deutsch äöüß", "Ελληνικά", "Кириллица", "עברית", "العربية", "हिन्दी", "ไทย", "한국어",
            "日本語", "中文/文件.txt", "አማርኛ", "ქართული", "Հայերեն", "🐟🐠/🦈.bin", "e\u0301 decomposed",
            "é composed", "-dash", " leading space", "a'b\"c`d$e;f", "new folder/... and more", new string('長', 85),
        ];
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        for (int i = 0; i < names.Length; i++)
        {
            byte[] bytes = TempFolder.RandomBytes((ulong)i, i + 1);
            LocalEntry placed = Assert.Single(TempFolder.Receive(folder, TempFolder.P, names[i], bytes));
            Assert.Equal(names[i], placed.Local.Value);
            Assert.Equal(bytes, File.ReadAllBytes(_temp[names[i]]));
        }

        folder.Dispose();
        using SwarmFolder again = _temp.Open();
        Assert.Equal(names.Order(StringComparer.Ordinal),
            TempFolder.Names(await TempFolder.ReadAsync(again), TempFolder.P));
    }

    [Fact]
    public async Task A_name_too_deep_for_the_folder_goes_to_its_top()
    {
        string deep = string.Concat(Enumerable.Repeat(new string('d', 203) + "/", 20)) + "file.txt";
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        Assert.Equal("file (from pat).txt",
            Assert.Single(TempFolder.Receive(folder, TempFolder.P, deep, [1])).Local.Value);
    }

    [Fact]
    public async Task A_read_only_own_file_can_be_copied()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        byte[] bytes = [1, 2, 3];
        Manifest manifest = TempFolder.ManifestOf(bytes);
        _temp.Write("a", bytes);
        File.SetUnixFileMode(_temp["a"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using SwarmFolder folder = _temp.Open();
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Assert.True(((SharedEntry.File)contents.Shares[0].Entries[0]).IsExecutable);
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("b", manifest)));
        UnixFileMode mode = File.GetUnixFileMode(_temp["b"]);
        Assert.True(mode.HasFlag(UnixFileMode.UserWrite));
        Assert.False(mode.HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task A_time_that_cannot_be_is_no_failure(long modifiedAt)
    {
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        var empty = new Manifest(new ChunkLayout(0, TempFolder.ChunkSize), []);
        Assert.Single(folder.Place(TempFolder.Share(
            TempFolder.P, 1, new SharedEntry.File(EntryName.Parse("a"), empty.Id, modifiedAt, false))));
    }

    [Fact]
    public void Open_files_stay_within_their_limit()
    {
        for (int i = 0; i < 6; i++)
        {
            _temp.Write($"{i}", [(byte)i]);
        }

        using var cache = new HandleCache(3);
        HandleCache.Rental first = cache.Rent(_temp["0"], FileMode.Open, FileAccess.Read);
        for (int i = 1; i < 6; i++)
        {
            using HandleCache.Rental other = cache.Rent(_temp[$"{i}"], FileMode.Open, FileAccess.Read);
            Assert.InRange(cache.Count, 1, 3);
        }

        // One in use is never closed, even if it is the oldest, or dropped.
        cache.Drop(_temp["0"]);
        var read = new byte[1];
        Assert.Equal(1, RandomAccess.Read(first.File, read, 0));
        first.Dispose();
        Assert.True(first.File.IsClosed);

        // More in use than the limit: none is refused, and the surplus closes as they come back.
        var rentals = Enumerable.Range(0, 6)
            .Select(i => cache.Rent(_temp[$"{i}"], FileMode.Open, FileAccess.Read)).ToList();
        Assert.Equal(6, cache.Count);
        rentals.ForEach(r => r.Dispose());
        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public async Task Many_threads_may_store_read_and_complete_at_once()
    {
        (Manifest Manifest, byte[] Bytes)[] files = [.. Enumerable.Range(0, 12).Select(i =>
        {
            byte[] bytes = TempFolder.RandomBytes((ulong)i, 1 + (i * 7000));
            return (TempFolder.ManifestOf(bytes), bytes);
        })];
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        foreach ((Manifest manifest, _) in files)
        {
            folder.Prepare(manifest);
        }

        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (thread, _) =>
        {
            var random = new DeterministicRandom((ulong)thread);
            (int File, int Chunk)[] order =
            [
                .. files.SelectMany(
                    (f, i) => Enumerable.Range(0, f.Manifest.ChunkCount).Select(c => (i, c))),
            ];
            random.Shuffle<(int, int)>(order);
            PeerId origin = thread % 2 == 0 ? TempFolder.P : TempFolder.Q;
            foreach ((int i, int chunk) in order)
            {
                (Manifest manifest, byte[] bytes) = files[i];
                folder.Place(TempFolder.Share(
                    origin, 1 + (thread % 2), TempFolder.FileEntry($"d{i % 3}/f{i}", manifest)));
                TempFolder.HasStored(TempFolder.StoreChunk(folder, manifest, bytes, chunk));
                folder.Complete(manifest.Id);
                ByteRange range = manifest.Layout.RangeOf(new ChunkIndex(chunk));
                var read = new byte[range.Length];
                Assert.Equal(ReadOutcome.Done, folder.Read(manifest.Id, range.Offset, read));
                Assert.True(read.AsSpan().SequenceEqual(bytes.AsSpan((int)range.Offset, range.Length)));
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal(files.Length, _temp.List().Count(n => !n.EndsWith('/')));
        for (int i = 0; i < files.Length; i++)
        {
            Assert.Equal(files[i].Bytes, File.ReadAllBytes(_temp[$"d{i % 3}/f{i}"]));
        }
    }

    [DllImport("libc", EntryPoint = "mkdir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mkdir(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "rmdir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rmdir(byte[] path);
}
