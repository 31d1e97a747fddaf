using Shoal.Core.Content;
using Shoal.Storage;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Tests.Storage;

/// <summary>The journal's file, cut and damaged at every byte.</summary>
public sealed class RecordTests : IDisposable
{
    private static readonly Manifest One = TempFolder.ManifestOf(TempFolder.RandomBytes(1, 40_000));
    private static readonly Manifest Two = TempFolder.ManifestOf(TempFolder.RandomBytes(2, 20_000));
    private static readonly FileStamp Stamp = new(40_000, -5, 6, ulong.MaxValue);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_journal_says_what_was_written()
    {
        JournalState state = Journal.Read(WriteJournal());
        Assert.Equal("boot", state.BootId);
        Assert.Equal(3, state.Contents.Count);
        Assert.Null(state.Contents[1]);
        Assert.Equal(One.Id, state.Contents[0]!.Manifest.Id);
        Assert.True(state.Contents[0]!.Chunks.IsComplete);
        Assert.Equal(Two.Id, state.Contents[2]!.Manifest.Id);
        Assert.Equal(1, state.Contents[2]!.Chunks.SetCount);
        Assert.True(state.Contents[2]!.Chunks[1]);
        Placement placement = Assert.Single(state.Placements.Values, p => p.Entry is SharedEntry.File);
        Assert.Equal(PlacementOf(One), placement);
        Assert.Equal("日本", Assert.Single(state.MadeFolders).Value);
        Assert.Equal(2, state.Placements.Count);
    }

    [Fact]
    public void Cut_anywhere_it_says_what_was_whole_by_then()
    {
        string path = WriteJournal();
        byte[] whole = File.ReadAllBytes(path);
        int last = 0; // A dropped content takes its one chunk with it: then there are two facts less.
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole.AsSpan(0, length));
            int facts = Facts(Journal.Read(path));
            bool isMore = facts >= last || facts == last - 2;
            Assert.True(isMore, $"{facts} facts at {length} bytes, {last} before");
            last = facts;
        }

        // Garbage behind the end is no record.
        File.WriteAllBytes(path, [.. whole, .. TempFolder.RandomBytes(9, 100)]);
        Assert.Equal(last, Facts(Journal.Read(path)));
        File.WriteAllBytes(path, [.. whole, .. new byte[100]]);
        Assert.Equal(last, Facts(Journal.Read(path)));
    }

    [Fact]
    public void Damaged_anywhere_it_never_says_more()
    {
        string path = WriteJournal();
        byte[] whole = File.ReadAllBytes(path);
        for (int at = 0; at < whole.Length; at += 3)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            JournalState state = Journal.Read(path);
            Assert.DoesNotContain(
                state.Contents, c => c is not null && c.Manifest.Id != One.Id && c.Manifest.Id != Two.Id);
            Assert.DoesNotContain(
                state.Placements.Values, p => p.Entry is SharedEntry.File && p != PlacementOf(One));
        }
    }

    [Fact]
    public void Records_of_whole_but_wrong_bytes_are_refused()
    {
        string path = _temp["log"];
        byte[][] wrong =
        [
            [99], [3, 0, 0, 0, 0, 0, 0, 0, 0], [4, 7, 0, 0, 0], [5, 0, 0, 0, 0], [2, 1],
            [1, 255, 255, 255, 255], [8, 2, 0, 0, 0, (byte)'.', (byte)'.'], [2, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 1],
        ];
        foreach (byte[] body in wrong)
        {
            using (RecordLog log = RecordLog.Create(path, "shoaljr1"u8))
            {
                log.Append([1, 1, 0, 0, 0, (byte)'b']);
                log.Append(body);
                log.Append([8, 1, 0, 0, 0, (byte)'x']);
            }

            JournalState state = Journal.Read(path);
            Assert.Equal("b", state.BootId);
            Assert.Empty(state.MadeFolders);
        }
    }

    [Fact]
    public void A_full_disk_is_said_clearly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        IOException raw = Assert.Throws<IOException>(() => RecordLog.Create("/dev/full", "shoaljr1"u8));
        FolderException e = FolderFailure.At("/dev/full", raw);
        Assert.Equal(FolderProblem.NoSpace, e.Problem);
        Assert.Contains("Free some and run the same command again", e.Message, StringComparison.Ordinal);
        Assert.Same(raw, e.InnerException);
    }

    [Fact]
    public async Task A_chunk_that_the_disk_has_no_room_for_is_not_stored()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        byte[] bytes = TempFolder.RandomBytes(3, 1000);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        folder.Prepare(manifest);
        string incoming = _temp[".shoal/incoming/" + manifest.Id];
        File.CreateSymbolicLink(incoming, "/dev/full");
        FolderException e = Assert.Throws<FolderException>(
            () => TempFolder.StoreChunk(folder, manifest, bytes, 0));
        Assert.Equal(FolderProblem.NoSpace, e.Problem);
        Assert.Equal(incoming, e.Path);
        Assert.Equal(ReadOutcome.NotHere, folder.Read(manifest.Id, 0, new byte[10]));
        File.Delete(incoming);
        Assert.Equal(StoreOutcome.Stored, TempFolder.StoreChunk(folder, manifest, bytes, 0));
        Assert.Equal(bytes, TempFolder.ReadAll(folder, manifest));
    }

    private static int Facts(JournalState state) =>
        (state.BootId.Length > 0 ? 1 : 0) + state.Contents.Count(c => c is not null) + state.Placements.Count
        + state.MadeFolders.Count + state.Contents.Sum(c => c?.Chunks.SetCount ?? 0);

    private string WriteJournal()
    {
        string path = _temp["journal"];
        var some = new Bitfield(One.ChunkCount);
        some.Set(0);
        some.Set(2);
        using var journal = Journal.Begin(path, "boot", [new JournalContent(One, some)], [], []);
        journal.Stored(One, new ChunkIndex(1));
        journal.Placed(PlacementOf(One), One);
        var folder = new Placement(
            TempFolder.Q, "quinn", TempFolder.FolderEntry("f"), EntryName.Parse("f"), default);
        journal.Placed(folder, null);
        journal.Placed(PlacementOf(One), One);
        journal.MadeFolder(EntryName.Parse("日本"));
        journal.Stored(Two, new ChunkIndex(0));
        journal.Dropped(Two.Id);
        journal.Dropped(Two.Id);
        journal.Stored(Two, new ChunkIndex(1));
        return path;
    }

    private static Placement PlacementOf(Manifest manifest) => new(
        TempFolder.P, "pat", TempFolder.FileEntry("a/ж", manifest, true), EntryName.Parse("a (from pat)/ж"),
        Stamp);
}
