using Shoal.Core.Members;
using Shoal.Storage.Members;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A directory's store in memory, which can be told to fail, and outlives its hub.</summary>
internal sealed class MemoryStore : IMembersStore
{
    private readonly Lock _gate = new();
    private readonly List<UserName> _users = [];
    private readonly List<Publication> _publications = [];

    /// <summary>Says why changes cannot be stored; null where they can.</summary>
    public Func<IReadOnlyList<DirectoryChange>, string?> Failure { get; set; } = _ => null;

    /// <summary>How many commits there were.</summary>
    public int Commits { get; private set; }

    public ValueTask<DirectorySnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(new DirectorySnapshot([.. _users], [.. _publications]));
        }
    }

    public ValueTask CommitAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Failure(changes) is { } reason)
            {
                throw new IOException(reason);
            }

            Commits++;
            foreach (DirectoryChange change in changes)
            {
                Take(change);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Take(DirectoryChange change)
    {
        switch (change)
        {
            case DirectoryChange.Registered registered:
                _users.Add(registered.User);
                break;
            case DirectoryChange.Unregistered gone:
                _users.Remove(gone.User);
                _publications.RemoveAll(publication => publication.Owner == gone.User);
                break;
            case DirectoryChange.Published published:
                _publications.Add(published.Publication);
                break;
            case DirectoryChange.Withdrawn withdrawn:
                _publications.Remove(withdrawn.Publication);
                break;
            default:
                break;
        }
    }
}
