using Shoal.Storage.Members;

namespace Shoal.Hosts.Members;

/// <summary>The directory's store in a folder, for the host that serves it.</summary>
public sealed class MembersRecords : IAsyncDisposable
{
    private MembersRecords(IMembersStore store) => Store = store;

    internal IMembersStore Store { get; }

    /// <summary>Opens the store in a folder, and makes both if they are absent.</summary>
    /// <exception cref="IOException">
    /// It cannot be opened, or another process has it open; the message says why.
    /// </exception>
    public static MembersRecords Open(string folder) => new(MembersStore.Open(folder));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
