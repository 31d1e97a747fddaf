namespace Shoal.Core.Roster;

/// <summary>
/// Opens when everybody of a roster has arrived: a set of names, not a count of arrivals, so that who arrives twice
/// counts once and who is not on the roster not at all.
/// </summary>
/// <typeparam name="TKey">What names somebody.</typeparam>
/// <param name="roster">Who is waited for. An empty roster never opens: nobody could have arrived.</param>
public sealed class SetBarrier<TKey>(IReadOnlyCollection<TKey> roster) where TKey : struct
{
    private readonly HashSet<TKey> _awaited = [.. roster];

    /// <summary>Whether everybody has arrived.</summary>
    public bool IsOpen => roster.Count > 0 && _awaited.Count == 0;

    /// <summary>Who is still waited for, in the order of the roster.</summary>
    public IEnumerable<TKey> Missing => roster.Where(_awaited.Contains);

    /// <summary>Somebody arrives; true if it was waited for until now.</summary>
    public bool Arrive(TKey key) => _awaited.Remove(key);
}
