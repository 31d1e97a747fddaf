namespace Shoal.Core.Roster;

/// <summary>
/// Who was heard of when. Somebody who says nothing for the length of a lease is taken to have vanished, even if its
/// connection looks alive.
/// </summary>
/// <typeparam name="TKey">What names somebody.</typeparam>
public sealed class LeaseTable<TKey>(TimeSpan lease) where TKey : struct
{
    private readonly Dictionary<TKey, TimeSpan> _heard = [];

    /// <summary>How long somebody may say nothing.</summary>
    public TimeSpan Lease { get; } = lease;

    /// <summary>Starts or renews a lease.</summary>
    public void Renew(TKey key, TimeSpan now) => _heard[key] = now;

    /// <summary>Ends a lease without a word.</summary>
    public void Release(TKey key) => _heard.Remove(key);

    /// <summary>Ends the leases that have run out and adds their keys to a list, in the order of their start.</summary>
    public void TakeExpired(TimeSpan now, List<TKey> expired)
    {
        foreach ((TKey key, TimeSpan heard) in _heard)
        {
            if (now - heard > Lease)
            {
                expired.Add(key);
            }
        }

        foreach (TKey key in expired)
        {
            _heard.Remove(key);
        }
    }
}
