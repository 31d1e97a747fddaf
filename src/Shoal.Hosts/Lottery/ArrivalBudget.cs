namespace Shoal.Hosts.Lottery;

/// <summary>
/// The memory that all messages on their way in share. When it is full, the one that holds most of it is given up, of
/// equal ones the oldest: whoever sends little, or sends it at once, is not touched by those who send much and slowly.
/// </summary>
/// <param name="most">Bytes at most.</param>
internal sealed class ArrivalBudget(long most)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ArrivalShare> _shares = [];
    private long _held;
    private long _begun;

    /// <summary>Whether so much of it is free that one may take more than one needs.</summary>
    public bool HasPlenty => Interlocked.Read(ref _held) < most / 2;

    /// <summary>Has a share hold so many bytes, none with 0; others may have to be given up for it.</summary>
    /// <returns>False: the share itself is given up, now or before.</returns>
    public bool TryHold(ArrivalShare share, int bytes)
    {
        List<ArrivalShare> dropped = [];
        lock (_gate)
        {
            if (share.IsDropped)
            {
                return false;
            }

            Note(share, bytes);
            while (_held > most && Largest() is { } largest)
            {
                Note(largest, 0);
                largest.IsDropped = true;
                dropped.Add(largest);
            }
        }

        // Outside of the lock: who is told may do anything.
        dropped.ForEach(one => one.Dropped());
        return !share.IsDropped;
    }

    /// <summary>
    /// From here on what the share holds has come whole and is being worked on, or not any more: what is whole is not
    /// given up.
    /// </summary>
    /// <returns>False: it was given up before.</returns>
    public bool TrySetWhole(ArrivalShare share, bool isWhole)
    {
        lock (_gate)
        {
            share.IsWhole = isWhole;
            return !share.IsDropped;
        }
    }

    private void Note(ArrivalShare share, int bytes)
    {
        _held += bytes - share.Bytes;
        share.Begun = share.Bytes == 0 ? ++_begun : share.Begun;
        share.Bytes = bytes;
        if (bytes == 0)
        {
            _shares.Remove(share);
        }
        else
        {
            _shares.Add(share);
        }
    }

    private ArrivalShare? Largest() => _shares
        .Where(share => !share.IsWhole)
        .OrderByDescending(share => share.Bytes).ThenBy(share => share.Begun)
        .FirstOrDefault();
}

/// <summary>What one connection holds of an <see cref="ArrivalBudget"/>, which alone changes it.</summary>
/// <param name="dropped">Called once when it is given up, by whoever needed the memory.</param>
internal sealed class ArrivalShare(Action dropped)
{
    public int Bytes { get; set; }

    public long Begun { get; set; }

    public bool IsWhole { get; set; }

    public bool IsDropped { get; set; }

    public Action Dropped { get; } = dropped;
}
