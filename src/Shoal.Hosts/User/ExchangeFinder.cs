using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Directory;
using Shoal.Net;

namespace Shoal.Hosts.User;

/// <summary>
/// Finds out whether the directory is one of this make, and where its hub's own door is. A directory of another make is
/// asked once, with a listing like any other.
/// </summary>
internal sealed class ExchangeFinder(DirectoryAsker asker, UserName user, TimeSpan limit, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim _asking = new(1);
    private EndpointText? _door;
    private bool _isOther;

    /// <summary>Whether the directory is known to be one of another make.</summary>
    public bool IsOther => Volatile.Read(ref _isOther);

    /// <summary>Where the hub's own door is; null: there is none, or nobody says so now.</summary>
    public async ValueTask<EndpointText?> FindAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_door is null && !_isOther)
            {
                await AskAsync(cancellationToken);
            }

            return _door;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        using var patience = new Deadline(limit, time, cancellationToken);
        try
        {
            DirectoryAnswer answer = await asker.AskAsync(ExchangeSign.Ask(user), patience.Token);
            _door = answer.Result == DirectoryResult.Done
                ? ExchangeSign.Read(answer.Contents, asker.Hub)
                : null;
            Volatile.Write(ref _isOther, answer.Result is DirectoryResult.NoSuchTarget
                || (answer.Result == DirectoryResult.Done && _door is null));
        }
        catch (OperationCanceledException) when (patience.HasPassed)
        {
            // Whoever wants to know may ask again.
        }
    }
}
