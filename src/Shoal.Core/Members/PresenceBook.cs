using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Members;

/// <summary>
/// Who is connected, in the order of connecting. A presence has a lease: while it lasts, the user's machine is believed
/// to answer; when it has run out, the machine is probed.
/// </summary>
internal sealed class PresenceBook(TimeSpan lease)
{
    private readonly Dictionary<UserName, ConnectedUser> _byUser = [];
    private readonly SortedDictionary<long, ConnectedUser> _byNumber = [];
    private readonly Dictionary<PresenceId, int> _silences = [];
    private readonly LeaseTable<PresenceId> _leases = new(lease);
    private readonly List<PresenceId> _due = [];
    private ImmutableArray<ConnectedUser> _list = [];
    private long _last;

    public ImmutableArray<ConnectedUser> List
    {
        get
        {
            if (_list.IsDefault)
            {
                _list = [.. _byNumber.Values];
            }

            return _list;
        }
    }

    public PresenceId NextId() => new(++_last);

    public ConnectedUser? Find(UserName user) => _byUser.GetValueOrDefault(user);

    public ConnectedUser? Find(PresenceId presence) => _byNumber.GetValueOrDefault(presence.Number);

    public void Add(TimeSpan now, ConnectedUser user)
    {
        _byUser.Add(user.User, user);
        _byNumber.Add(user.Presence.Number, user);
        _leases.Renew(user.Presence, now);
        _list = default;
    }

    /// <summary>Somebody is here whose stay others watch: it is never probed.</summary>
    public void AddGuest(ConnectedUser user)
    {
        _byNumber.Add(user.Presence.Number, user);
        _list = default;
    }

    public void Remove(ConnectedUser user)
    {
        _byUser.Remove(user.User);
        _byNumber.Remove(user.Presence.Number);
        _leases.Release(user.Presence);
        _silences.Remove(user.Presence);
        _list = default;
    }

    /// <summary>The machine answered: it is believed in anew.</summary>
    public void Answered(TimeSpan now, ConnectedUser user)
    {
        _silences.Remove(user.Presence);
        _leases.Renew(user.Presence, now);
    }

    /// <summary>The machine did not answer. It is probed again after another lease.</summary>
    /// <returns>How many times in a row that is.</returns>
    public int Silent(TimeSpan now, ConnectedUser user)
    {
        _leases.Renew(user.Presence, now);
        return _silences[user.Presence] = _silences.GetValueOrDefault(user.Presence) + 1;
    }

    /// <summary>Those whose leases ran out; they get no new one before a probe of them has come back.</summary>
    public IEnumerable<ConnectedUser> TakeDue(TimeSpan now)
    {
        _due.Clear();
        _leases.TakeExpired(now, _due);
        return _due.Select(presence => _byNumber[presence.Number]);
    }
}
