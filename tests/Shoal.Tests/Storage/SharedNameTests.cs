using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Storage;

namespace Shoal.Tests.Storage;

/// <summary>Under which names a content appears, and what has a name already.</summary>
public sealed class SharedNameTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_of_two_owners_gets_the_time_of_the_one_who_joined_first(bool isLaterHeardFirst)
    {
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        byte[] bytes = TempFolder.RandomBytes(1, 1000);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        folder.Prepare(manifest);
        SharedEntry.File first = TempFolder.FileEntry("film.bin", manifest);
        HubMessage.Share[] shares =
        [
            TempFolder.Share(TempFolder.P, 2, first),
            TempFolder.Share(TempFolder.Q, 3, first with { ModifiedAt = 1_700_000_000_000 }),
        ];
        foreach (HubMessage.Share share in isLaterHeardFirst ? Enumerable.Reverse(shares) : shares)
        {
            folder.Place(share);
        }

        TempFolder.HasStored(TempFolder.StoreChunk(folder, manifest, bytes, 0));
        folder.Complete(manifest.Id);
        Assert.Equal(["film.bin"], _temp.List());
        Assert.Equal(
            DateTime.UnixEpoch.AddMilliseconds(first.ModifiedAt), File.GetLastWriteTimeUtc(_temp["film.bin"]));
    }

    [Fact]
    public async Task Received_files_are_offered_under_their_origin_and_never_as_own()
    {
        byte[] x = TempFolder.RandomBytes(4, 100_000), y = TempFolder.RandomBytes(5, 50);
        _temp.Write("a.txt", [1]);
        using (SwarmFolder folder = _temp.Open())
        {
            await TempFolder.ReadAsync(folder);
            LocalEntry placed = Assert.Single(TempFolder.Receive(folder, TempFolder.P, "a.txt", x));
            Assert.Equal("a (from pat).txt", placed.Local.Value);
            placed = Assert.Single(TempFolder.Receive(folder, TempFolder.Q, "sub/n", y, 2));
            Assert.Equal("sub/n", placed.Local.Value);
            folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FolderEntry("e/f")));
        }

        string[] before = _temp.List();
        using (SwarmFolder folder = _temp.Open())
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(["a.txt"], TempFolder.Names(contents, folder.Peer));
            Assert.Equal(["a.txt", "e/f/"], TempFolder.Names(contents, TempFolder.P));
            Assert.Equal(["sub/n"], TempFolder.Names(contents, TempFolder.Q));
            Assert.Equal(0, contents.HashedBytes);
            Assert.Equal("pat", contents.Shares.Single(s => s.Origin == TempFolder.P).OriginName);

            // The same shares again: everything is here already.
            Assert.Empty(folder.Place(TempFolder.Share(TempFolder.P, 1,
                TempFolder.FileEntry("a.txt", TempFolder.ManifestOf(x)), TempFolder.FolderEntry("e/f"))));
            Assert.Equal(before, _temp.List());
        }

        // One is edited, the other only touched: the edited one is an own file from now on.
        File.AppendAllText(_temp["a (from pat).txt"], "more");
        File.SetLastWriteTimeUtc(_temp["sub/n"], new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using (SwarmFolder folder = _temp.Open())
        {
            FolderContents contents = await TempFolder.ReadAsync(folder);
            Assert.Equal(["a (from pat).txt", "a.txt"], TempFolder.Names(contents, folder.Peer));
            Assert.Equal(["e/f/"], TempFolder.Names(contents, TempFolder.P));
            Assert.Equal(["sub/n"], TempFolder.Names(contents, TempFolder.Q));
        }
    }

    [Fact]
    public async Task The_same_content_is_kept_once_and_copied_to_its_other_names()
    {
        byte[] bytes = TempFolder.RandomBytes(6, 70_000);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        _temp.Write("mine", bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        ImmutableArray<LocalEntry> placed = folder.Place(TempFolder.Share(TempFolder.P, 1,
            TempFolder.FileEntry("mine", manifest), TempFolder.FileEntry("x/theirs", manifest, true)));
        Assert.Equal("x/theirs", Assert.Single(placed).Local.Value);
        placed = folder.Place(TempFolder.Share(TempFolder.Q, 2,
            TempFolder.FileEntry("x/theirs", manifest), TempFolder.FileEntry("another", manifest)));
        Assert.Equal("another", Assert.Single(placed).Local.Value);
        Assert.Equal(["another", "mine", "x/", "x/theirs"], _temp.List());
        Assert.Equal(bytes, File.ReadAllBytes(_temp["x/theirs"]));
        Assert.Equal(bytes, File.ReadAllBytes(_temp["another"]));
    }

    [Fact]
    public async Task The_earlier_joiner_gets_the_plain_name_even_if_its_share_comes_later()
    {
        byte[] x = TempFolder.RandomBytes(7, 10), y = TempFolder.RandomBytes(8, 20);
        Manifest mx = TempFolder.ManifestOf(x), my = TempFolder.ManifestOf(y);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        folder.Prepare(mx);
        folder.Prepare(my);
        folder.Place(TempFolder.Share(TempFolder.Q, 2, TempFolder.FileEntry("a", my)));
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("A", mx)));
        TempFolder.StoreChunk(folder, my, y, 0);
        TempFolder.StoreChunk(folder, mx, x, 0);
        Assert.Equal("a (from quinn)", Assert.Single(folder.Complete(my.Id)).Local.Value);
        Assert.Equal("A", Assert.Single(folder.Complete(mx.Id)).Local.Value);
    }

    [Fact]
    public async Task Nothing_that_appears_meanwhile_is_replaced()
    {
        byte[] bytes = TempFolder.RandomBytes(12, 10);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        folder.Prepare(manifest);
        folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("a", manifest)));
        _temp.Write("a", [9]);
        TempFolder.StoreChunk(folder, manifest, bytes, 0);
        Assert.Equal("a (from pat)", Assert.Single(folder.Complete(manifest.Id)).Local.Value);
        Assert.Equal([9], File.ReadAllBytes(_temp["a"]));
    }

    [Fact]
    public async Task A_changed_file_is_not_copied_to_another_name()
    {
        byte[] bytes = TempFolder.RandomBytes(14, 50_000);
        Manifest manifest = TempFolder.ManifestOf(bytes);
        _temp.Write("a", bytes);
        using SwarmFolder folder = _temp.Open();
        await TempFolder.ReadAsync(folder);
        File.AppendAllText(_temp["a"], "more");
        Assert.Empty(folder.Place(TempFolder.Share(TempFolder.P, 1, TempFolder.FileEntry("b", manifest))));
        Assert.Equal([manifest.Id], folder.TakeLost());
        Assert.Empty(folder.TakeLost());
        Assert.Equal(["a"], _temp.List());
    }
}
