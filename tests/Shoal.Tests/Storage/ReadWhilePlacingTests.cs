using Shoal.Core.Content;
using Shoal.Storage;
using Shoal.Storage.Contents;
using Shoal.Storage.Files;
using Shoal.Storage.Records;

namespace Shoal.Tests.Storage;

public sealed class ReadWhilePlacingTests
{
    [Fact]
    public void AContentIsNotLostBetweenTheRenameOfItsFileAndTheNoteOfIt()
    {
        using var temp = new TempFolder();
        byte[] bytes = TempFolder.RandomBytes(1, 100);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        var paths = new FolderPaths(temp.Root);
        Directory.CreateDirectory(paths.Incoming);
        using var journal = Journal.Begin(paths.Journal, "boot 1", [], [], []);
        using var table = new ContentTable(paths, mostOpenFiles: 4) { Journal = journal };
        StoredContent content = table.Add(manifest);
        table.Store(new ChunkRef(manifest.Id, new ChunkIndex(0)), bytes);
        ReadOutcome? outcome = null;
        var reader = new Thread(() => outcome = table.Reader.Read(manifest.Id, 0, new byte[100]));

        lock (content.Placing)
        {
            File.Move(paths.IncomingOf(manifest.Id), temp["a.bin"]);
            reader.Start();
            SpinWait.SpinUntil(() => reader.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped);
            FileStamp stamp = paths.Look(EntryName.Parse("a.bin")).Stamp;
            table.Move(content, new ContentFile(EntryName.Parse("a.bin"), stamp));
        }

        reader.Join();
        Assert.Equal(ReadOutcome.Done, outcome);
    }
}
