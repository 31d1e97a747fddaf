using System.Collections.Immutable;
using System.Security.Cryptography;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Storage;

namespace Shoal.Tests.Storage;

/// <summary>A folder of its own for one test, and what tests of target folders do again and again.</summary>
internal sealed class TempFolder : IDisposable
{
    public const int ChunkSize = ChunkLayout.SmallestSize;

    public string Root { get; } = Directory.CreateTempSubdirectory("shoal-test-").FullName;

    public static PeerId P { get; } = new(0, 0xAA);

    public static PeerId Q { get; } = new(0, 0xBB);

    public string this[string name] => Path.Join(Root, name);

    /// <summary>Writes a file whose time is not so young that its hashes would not be remembered.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        File.SetLastWriteTimeUtc(this[name], new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc));
    }

    public SwarmFolder Open(string bootId = "boot 1", params string[] excludes) =>
        SwarmFolder.Open(new SwarmFolderOptions
        {
            Path = Root,
            PeerName = "me",
            ChunkSize = ChunkSize,
            BootId = bootId,
            MostOpenFiles = 4,
            Workers = 2,
            Excludes = [.. excludes],
        });

    public static Task<FolderContents> ReadAsync(SwarmFolder folder) =>
        folder.ReadAsync(null, TestContext.Current.CancellationToken);

    public static byte[] RandomBytes(ulong randomSeed, int length)
    {
        var random = new DeterministicRandom(randomSeed);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.Next();
        }

        return bytes;
    }

    public static Manifest ManifestOf(ReadOnlySpan<byte> bytes)
    {
        var layout = new ChunkLayout(bytes.Length, ChunkSize);
        var digests = ImmutableArray.CreateBuilder<Digest>();
        for (int i = 0; i < layout.ChunkCount; i++)
        {
            ByteRange range = layout.RangeOf(new ChunkIndex(i));
            digests.Add(new Digest(SHA256.HashData(bytes.Slice((int)range.Offset, range.Length))));
        }

        return new Manifest(layout, digests.ToImmutable());
    }

    /// <summary>The chunk was right, and is stored now or was before.</summary>
    public static void HasStored(StoreOutcome outcome) =>
        Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.AlreadyStored, outcome.ToString());

    public static StoreOutcome StoreChunk(SwarmFolder folder, Manifest manifest, byte[] bytes, int chunk)
    {
        ByteRange range = manifest.Layout.RangeOf(new ChunkIndex(chunk));
        return folder.Store(
            new ChunkRef(manifest.Id, new ChunkIndex(chunk)), bytes.AsSpan((int)range.Offset, range.Length));
    }

    /// <summary>Lets a whole file come in, as a peer does.</summary>
    public static ImmutableArray<LocalEntry> Receive(
        SwarmFolder folder, PeerId origin, string name, byte[] bytes, int order = 1)
    {
        Manifest manifest = ManifestOf(bytes);
        folder.Prepare(manifest);
        ImmutableArray<LocalEntry> placed = folder.Place(Share(origin, order, FileEntry(name, manifest)));
        for (int i = 0; i < manifest.ChunkCount; i++)
        {
            HasStored(StoreChunk(folder, manifest, bytes, i));
        }

        return [.. placed, .. folder.Complete(manifest.Id)];
    }

    public static HubMessage.Share Share(PeerId origin, int order, params SharedEntry[] entries) =>
        new(origin, origin == P ? "pat" : "quinn", order, [.. entries]);

    public static SharedEntry.File FileEntry(string name, Manifest manifest, bool isExecutable = false) =>
        new(EntryName.Parse(name), manifest.Id, 1_600_000_000_123, isExecutable);

    public static SharedEntry.Folder FolderEntry(string name) => new(EntryName.Parse(name));

    public static byte[]? ReadAll(SwarmFolder folder, Manifest manifest)
    {
        var bytes = new byte[manifest.Length];
        return folder.Read(manifest.Id, 0, bytes) == ReadOutcome.Done ? bytes : null;
    }

    /// <summary>All files and folders but Shoal's own, folders with a slash behind them.</summary>
    public string[] List() => [.. Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
        .Select(p => Path.GetRelativePath(Root, p).Replace('\\', '/') + (Directory.Exists(p) ? "/" : ""))
        .Where(n => !n.StartsWith(".shoal/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static string[] Names(FolderContents contents, PeerId origin) => [.. contents.Shares
        .Where(s => s.Origin == origin).SelectMany(s => s.Entries)
        .Select(e => e.Name.Value + (e is SharedEntry.Folder ? "/" : ""))];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
