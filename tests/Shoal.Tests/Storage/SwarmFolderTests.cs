using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Storage;

namespace Shoal.Tests.Storage;

public sealed class SwarmFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Own_files_and_folders_are_found()
    {
        byte[] large = TempFolder.RandomBytes(1, (3 * TempFolder.ChunkSize) + 5);
        _temp.Write("large", large);
        _temp.Write("日本/ж.txt", [1, 2, 3]);
        _temp.Write("copy/ж.txt", [1, 2, 3]);
        _temp.Write("nothing", []);
        Directory.CreateDirectory(_temp["empty/deep"]);
        using SwarmFolder folder = _temp.Open();
        FolderContents contents = await TempFolder.ReadAsync(folder);

        Assert.Equal(["copy/ж.txt", "large", "nothing", "日本/ж.txt", "empty/deep/"],
            TempFolder.Names(contents, folder.Peer));
        Assert.Equal(3, contents.Manifests.Length);
        Assert.Contains(contents.Manifests, m => m.Id == TempFolder.ManifestOf(large).Id);
        Assert.All(contents.Holdings, h => Assert.True(h.Chunks.IsComplete));
        Assert.Equal(large.Length + 6, contents.HashedBytes);
        Assert.Equal(large, TempFolder.ReadAll(folder, TempFolder.ManifestOf(large)));
        Assert.Empty(contents.Notes);
    }

    [Fact]
    public async Task A_received_file_appears_complete_with_its_time_and_mode()
    {
        byte[] bytes = TempFolder.RandomBytes(2, (2 * TempFolder.ChunkSize) + 1);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        folder.Prepare(manifest);
        Assert.Empty(folder.Place(
            TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("a/b.sh", manifest, true))));
        foreach (int chunk in (int[])[2, 0])
        {
            TempFolder.HasStored(TempFolder.StoreChunk(folder, manifest, bytes, chunk));
            Assert.Empty(folder.Complete(manifest.Id));
            Assert.Empty(_temp.List());
        }

        Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, 0, new byte[bytes.Length]));
        Assert.Equal(ReadOutcome.Done, folder.Read(manifest.Id, 0, new byte[TempFolder.ChunkSize]));
        TempFolder.StoreChunk(folder, manifest, bytes, 1);
        Assert.Equal(bytes, TempFolder.ReadAll(folder, manifest));
        LocalEntry placed = Assert.Single(folder.Complete(manifest.Id));

        Assert.Equal("a/b.sh", placed.Local.Value);
        Assert.Equal(["a/", "a/b.sh"], _temp.List());
        Assert.Equal(bytes, File.ReadAllBytes(_temp["a/b.sh"]));
        Assert.Equal(bytes, TempFolder.ReadAll(folder, manifest));
        DateTime time = DateTime.UnixEpoch.AddMilliseconds(1_600_000_000_123);
        Assert.Equal(time, File.GetLastWriteTimeUtc(_temp["a/b.sh"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(_temp["a/b.sh"]).HasFlag(UnixFileMode.UserExecute));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp[".shoal/incoming"]));
        Assert.Equal(StoreOutcome.AlreadyStored, TempFolder.StoreChunk(folder, manifest, bytes, 1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp[".shoal/incoming"]));
    }

    [Fact]
    public async Task Corrupt_and_unknown_chunks_are_not_stored()
    {
        byte[] bytes = TempFolder.RandomBytes(3, TempFolder.ChunkSize + 1);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        Assert.Equal(StoreOutcome.Unknown, TempFolder.StoreChunk(folder, manifest, bytes, 0));
        folder.Prepare(manifest);
        ChunkRef first = new(manifest.Id, new ChunkIndex(0));
        byte[] wrong = bytes[..TempFolder.ChunkSize];
        wrong[17] ^= 1;
        Assert.Equal(StoreOutcome.Corrupt, folder.Store(first, wrong));
        Assert.Equal(StoreOutcome.Corrupt, folder.Store(first, bytes.AsSpan(0, 100)));
        Assert.Equal(StoreOutcome.Corrupt, folder.Store(
            first with { Index = new ChunkIndex(2) }, bytes.AsSpan(0, 1)));
        Assert.Equal(StoreOutcome.Corrupt, folder.Store(first with { Index = new ChunkIndex(-1) }, []));
        Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, 0, new byte[1]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp[".shoal/incoming"]));
    }

    [Fact]
    public async Task Empty_contents_and_folders_appear_at_once()
    {
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        var empty = new Manifest(new ChunkLayout(0, ChunkLayout.SmallestDefaultSize), []);
        ImmutableArray<LocalEntry> placed = folder.Place(TempFolder.Share(TempFolder.P, 1,
            TempFolder.FileEntry("none", empty), TempFolder.FileEntry("d/none", empty),
            TempFolder.FolderEntry("f/g")));
        Assert.Equal(3, placed.Length);
        Assert.Equal(["d/", "d/none", "f/", "f/g/", "none"], _temp.List());
        Assert.Equal(ReadOutcome.Done, folder.Read(empty.Id, 0, []));
    }

    [Fact]
    public async Task Own_files_that_changed_or_vanished_since_are_found()
    {
        foreach (string name in (string[])["same", "changed", "vanished", "replaced"])
        {
            _temp.Write(name, TempFolder.RandomBytes((ulong)name.Length, 50 + name.Length));
        }

        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        TempFolder.Receive(folder, TempFolder.P, "received", TempFolder.RandomBytes(9, 100));
        Assert.Empty(folder.FindChanged());

        File.AppendAllText(_temp["changed"], "more");
        File.Delete(_temp["vanished"]);
        File.Delete(_temp["replaced"]);
        Directory.CreateDirectory(_temp["replaced"]);
        File.Delete(_temp["received"]);

        Assert.Equal(["changed", "replaced", "vanished"], folder.FindChanged().Select(c => c.Name.Value).Order());
    }

    [Fact]
    public async Task Many_files_of_one_content_take_no_square_of_time()
    {
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        var empty = new Manifest(new ChunkLayout(0, ChunkLayout.SmallestDefaultSize), []);
        SharedEntry[] entries = [.. Enumerable.Range(0, 2000).Select(i => TempFolder.FileEntry($"{i}", empty))];
        Assert.Equal(entries.Length, folder.Place(TempFolder.Share(TempFolder.P, 1, entries)).Length);
        Assert.Equal(entries.Length, _temp.List().Length);

        // Said again, as after the hub was away: nothing happens.
        Assert.Empty(folder.Place(TempFolder.Share(TempFolder.P, 1, entries)));
        Assert.Equal(0, folder.MeasureSpace().Needed);
    }

    [Fact]
    public async Task Links_are_neither_shared_nor_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var outside = new TempFolder();
        outside.Write("secret", [1, 2, 3]);
        File.CreateSymbolicLink(_temp["file-link"], outside["secret"]);
        Directory.CreateSymbolicLink(_temp["folder-link"], outside.Root);
        using SwarmFolder folder = _temp.Open();
        FolderContents contents = await TempFolder.ReadAsync(folder);
        Assert.Empty(contents.Shares);
        Assert.Equal(["file-link", "folder-link"], contents.Notes.Select(n => n.Name));

        TempFolder.Receive(folder, TempFolder.P, "folder-link/evil", TempFolder.RandomBytes(9, 10));
        TempFolder.Receive(folder, TempFolder.P, "file-link", TempFolder.RandomBytes(10, 10));
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FolderEntry("FOLDER-LINK/sub")));

        // A link that comes while the folder is in use.
        byte[] late = TempFolder.RandomBytes(11, 10);
        Manifest manifest = TempFolder.ManifestOf(late);
        folder.Prepare(manifest);
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("new/late", manifest)));
        Directory.CreateSymbolicLink(_temp["new"], outside.Root);
        TempFolder.StoreChunk(folder, manifest, late, 0);
        Assert.Equal("new (from pat)/late", Assert.Single(folder.Complete(manifest.Id)).Local.Value);

        Assert.Equal(["secret"], outside.List());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(outside["secret"]));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_served_is_noticed()
    {
        byte[] bytes = TempFolder.RandomBytes(13, 50_000);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        _temp.Write("a", bytes);
        _temp.Write("b", bytes);
        _temp.Write("c", bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        Assert.NotNull(TempFolder.ReadAll(folder, manifest));

        bytes[3] ^= 1;
        File.WriteAllBytes(_temp["a"], bytes);
        Assert.Equal(manifest.Id, TempFolder.ManifestOf(TempFolder.ReadAll(folder, manifest)!).Id);
        File.WriteAllBytes(_temp["b"], bytes);
        File.Delete(_temp["c"]);
        Assert.Equal(ReadOutcome.ContentLost, folder.Read(manifest.Id, 0, new byte[10]));
        Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, 0, new byte[10]));

        // It can be fetched anew, and then has another name than what is here now.
        bytes[3] ^= 1;
        LocalEntry placed = Assert.Single(TempFolder.Receive(folder, TempFolder.P, "a", bytes));
        Assert.Equal("a (from pat)", placed.Local.Value);
    }

    [Fact]
    public async Task A_chunk_is_opened_where_it_is_and_as_long_as_it_is_what_it_was()
    {
        byte[] bytes = TempFolder.RandomBytes(14, 2 * TempFolder.ChunkSize);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        var second = new ChunkRef(manifest.Id, new ChunkIndex(1));
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        Assert.Null(folder.TryOpen(second));
        folder.Prepare(manifest);
        Assert.Null(folder.TryOpen(second));
        Assert.Empty(folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("a", manifest))));
        TempFolder.StoreChunk(folder, manifest, bytes, 1);
        Assert.Null(folder.TryOpen(new ChunkRef(manifest.Id, new ChunkIndex(0))));
        Assert.Null(folder.TryOpen(new ChunkRef(manifest.Id, new ChunkIndex(2))));

        using OpenChunk incoming = folder.TryOpen(second)!;
        Assert.Equal(bytes[TempFolder.ChunkSize..], ReadAll(incoming));
        TempFolder.StoreChunk(folder, manifest, bytes, 0);
        Assert.Single(folder.Complete(manifest.Id));
        Assert.True(incoming.IsIntact());
        Assert.Equal(bytes[TempFolder.ChunkSize..], ReadAll(incoming));

        using OpenChunk named = folder.TryOpen(second)!;
        Assert.True(named.IsIntact());
        Assert.Equal(bytes[TempFolder.ChunkSize..], ReadAll(named));
        bytes[^1] ^= 1;
        File.WriteAllBytes(_temp["a"], bytes);
        Assert.False(named.IsIntact());
        Assert.Null(folder.TryOpen(second));
        File.Delete(_temp["a"]);
        Assert.Null(folder.TryOpen(second));

        static byte[] ReadAll(OpenChunk chunk)
        {
            var read = new byte[TempFolder.ChunkSize];
            RandomAccess.Read(chunk.Stream.SafeFileHandle, read, chunk.Offset);
            return read;
        }
    }

    [Fact]
    public async Task Two_cannot_have_one_folder_and_the_identity_stays()
    {
        PeerId peer;
        using (SwarmFolder folder = _temp.Open())
        {
            peer = folder.Peer;
            FolderException e = Assert.Throws<FolderException>(() => _temp.Open());
            Assert.Equal(FolderProblem.InUse, e.Problem);
            Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
            await TempFolder.ReadAsync(folder);
        }

        using (SwarmFolder folder = _temp.Open())
        {
            Assert.Equal(peer, folder.Peer);
        }

        File.WriteAllText(_temp[".shoal/peer-id"], "nonsense");
        using (SwarmFolder folder = _temp.Open())
        {
            Assert.NotEqual(peer, folder.Peer);
        }
    }

    [Fact]
    public void What_is_no_usable_folder_is_said_clearly()
    {
        _temp.Write("file", [1]);
        FolderException e = Assert.Throws<FolderException>(() => SwarmFolder.Open(At(_temp["file"])));
        Assert.Equal(FolderProblem.NotAFolder, e.Problem);
        Assert.Contains(_temp["file"], e.Message, StringComparison.Ordinal);

        Directory.CreateSymbolicLink(_temp[".shoal"], Path.GetTempPath());
        Assert.Equal(FolderProblem.NotAFolder, Assert.Throws<FolderException>(() => _temp.Open()).Problem);

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a folder that not even root can write to.");
        e = Assert.Throws<FolderException>(() => SwarmFolder.Open(At("/sys/shoal-test")));
        Assert.Equal(FolderProblem.ReadOnly, e.Problem);

        static SwarmFolderOptions At(string path) => new() { Path = path, PeerName = "me" };
    }

    [Fact]
    public async Task Room_is_counted_for_what_comes_and_for_copies()
    {
        byte[] x = TempFolder.RandomBytes(15, (2 * TempFolder.ChunkSize) + 10);
        byte[] y = TempFolder.RandomBytes(16, 1000);
        Manifest mx = TempFolder.ManifestOf(x), my = TempFolder.ManifestOf(y);
        _temp.Write("y", y);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        Assert.Equal(0, folder.MeasureSpace().Needed);
        folder.Prepare(mx);
        folder.Place(TempFolder.Share(
            TempFolder.P, 1, TempFolder.FileEntry("a", mx), TempFolder.FileEntry("b", mx)));
        Assert.Equal(2 * x.Length, folder.MeasureSpace().Needed);
        Assert.True(folder.MeasureSpace().IsEnough);
        TempFolder.StoreChunk(folder, mx, x, 2);
        Assert.Equal((2 * x.Length) - 10, folder.MeasureSpace().Needed);
        TempFolder.StoreChunk(folder, mx, x, 0);
        TempFolder.StoreChunk(folder, mx, x, 1);
        folder.Complete(mx.Id);
        Assert.Equal(0, folder.MeasureSpace().Needed);
    }

    [Fact]
    public async Task Md5_of_every_file()
    {
        _temp.Write("abc", "abc"u8);
        _temp.Write("d/none", []);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        ImmutableArray<FileMd5> digests = await folder.HashMd5Async(
            null, TestContext.Current.CancellationToken);
        Assert.Equal(["abc 900150983cd24fb0d6963f7d28e17f72", "d/none d41d8cd98f00b204e9800998ecf8427e"],
            digests.Select(d => $"{d.Name} {d.Md5}"));
    }
}
