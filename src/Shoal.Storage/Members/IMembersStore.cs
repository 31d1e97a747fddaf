using Shoal.Core.Members;

namespace Shoal.Storage.Members;

/// <summary>What lasts of a directory, on a disk.</summary>
public interface IMembersStore : IAsyncDisposable
{
    /// <summary>What was stored so far.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    ValueTask<DirectorySnapshot> LoadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores changes, all of them or none. When this returns they are there even after a power cut. Changes of
    /// presence are passed over.
    /// </summary>
    /// <exception cref="IOException">None of them is stored; the message says why.</exception>
    ValueTask CommitAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken);
}
