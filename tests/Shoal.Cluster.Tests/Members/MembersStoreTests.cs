using Shoal.Cluster.Tests.Bench;
using Shoal.Core.Members;
using Shoal.Storage.Members;

namespace Shoal.Cluster.Tests.Members;

/// <summary>A directory on a disk.</summary>
public sealed class MembersStoreTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task What_was_stored_is_there_again()
    {
        Publication film = Publication(1, "anna", "film", "a \"film\" ü"), book = Publication(2, "anna", "book", "");
        Publication song = Publication(3, "bert", "film", " ");
        await using (MembersStore store = Open())
        {
            Assert.Empty((await store.LoadAsync(TestContext.Current.CancellationToken)).Users);
            await CommitAsync(
                store, new DirectoryChange.Registered(film.Owner), new DirectoryChange.Published(film),
                new DirectoryChange.Published(book), new DirectoryChange.Registered(song.Owner));
            await CommitAsync(store, new DirectoryChange.Published(song), new DirectoryChange.Withdrawn(book));
        }

        await using (MembersStore store = Open())
        {
            DirectorySnapshot snapshot = await store.LoadAsync(TestContext.Current.CancellationToken);
            Assert.Equal([film.Owner, song.Owner], snapshot.Users);
            Assert.Equal([film, song], snapshot.Publications);
            await CommitAsync(store, new DirectoryChange.Unregistered(film.Owner, [film]));
        }

        await using (MembersStore store = Open())
        {
            DirectorySnapshot snapshot = await store.LoadAsync(TestContext.Current.CancellationToken);
            Assert.Equal([song.Owner], snapshot.Users);
            Assert.Equal([song], snapshot.Publications);
        }
    }

    [Fact]
    public async Task Changes_are_stored_all_or_none()
    {
        await using MembersStore store = Open();
        UserName anna = Publication(1, "anna", "a", "").Owner;
        await CommitAsync(store, new DirectoryChange.Registered(anna));
        IOException e = await Assert.ThrowsAsync<IOException>(() => CommitAsync(
            store, new DirectoryChange.Published(Publication(1, "anna", "film", "")),
            new DirectoryChange.Registered(anna)));
        Assert.Contains(MembersStore.FileName, e.Message, StringComparison.Ordinal);
        Assert.Empty((await store.LoadAsync(TestContext.Current.CancellationToken)).Publications);
    }

    [Fact]
    public async Task A_full_disk_stores_nothing_and_with_room_again_it_goes_on()
    {
        using Mount disk = Mount.RamDisk(_scratch.Folder("data"), "size=512k");
        await using MembersStore store = Open();
        await CommitAsync(store, new DirectoryChange.Registered(Publication(1, "anna", "a", "").Owner));
        string thief = _scratch["data/thief"];
        Assert.Throws<IOException>(() => File.WriteAllBytes(thief, new byte[1_000_000]));
        await Assert.ThrowsAsync<IOException>(() => CommitAsync(store, Many(1, 300)));
        File.Delete(thief);
        await CommitAsync(store, Many(1, 3));
        DirectorySnapshot snapshot = await store.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, snapshot.Publications.Count);
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_alone_and_named()
    {
        _scratch.Write($"data/{MembersStore.FileName}", 1, 10_000);
        IOException e = Assert.Throws<IOException>(Open);
        Assert.Contains(MembersStore.FileName, e.Message, StringComparison.Ordinal);
        Assert.Equal(10_000, new FileInfo(_scratch[$"data/{MembersStore.FileName}"]).Length);
    }

    private static DirectoryChange[] Many(int from, int count) =>
    [
        .. Enumerable.Range(from, count).Select(i => new DirectoryChange.Published(
            Publication(i, "anna", $"film{i}", new string('x', 250)))),
    ];

    private MembersStore Open() => MembersStore.Open(_scratch["data"]);

    private static async Task CommitAsync(MembersStore store, params DirectoryChange[] changes) =>
        await store.CommitAsync(changes, TestContext.Current.CancellationToken);

    private static Publication Publication(long number, string owner, string name, string description)
    {
        Assert.True(UserName.TryCreate(owner, out UserName user));
        Assert.True(PublicationName.TryCreate(name, out PublicationName file));
        Assert.True(Description.TryCreate(description, out Description about));
        return new Publication(number, user, file, about);
    }
}
