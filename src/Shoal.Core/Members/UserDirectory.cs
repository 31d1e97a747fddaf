using System.Diagnostics;

namespace Shoal.Core.Members;

/// <summary>
/// The rules of a directory: who is registered, who is connected, who offers what. The machine answers from memory and
/// says what has changed; its shell stores that before it passes an answer on, and says so. What could not be stored is
/// taken back, with all that came after it, presence included. The members of the hub's swarms are listed as users too,
/// its guests.
/// </summary>
public sealed class UserDirectory
{
    private readonly UserDirectoryOptions _options;
    private readonly Dictionary<UserName, OfferingUser> _users = [];
    private readonly PresenceBook _presences;
    private readonly GuestBook _guests;
    private readonly List<DirectoryChange> _unsettled = [];
    private long _lastPublication;

    /// <summary>A directory in which nobody is connected.</summary>
    /// <param name="options">Limits and times.</param>
    /// <param name="snapshot">What was stored of it.</param>
    public UserDirectory(UserDirectoryOptions options, DirectorySnapshot snapshot)
    {
        _options = options;
        _presences = new PresenceBook(options.ProbeInterval);
        _guests = new GuestBook(options, _presences);
        foreach (UserName user in snapshot.Users)
        {
            _users.Add(user, new OfferingUser(user));
        }

        foreach (Publication publication in snapshot.Publications)
        {
            _users[publication.Owner].Add(publication);
            _lastPublication = Math.Max(_lastPublication, publication.Number);
        }
    }

    /// <summary>How many users are registered.</summary>
    public int UserCount => _users.Count;

    /// <summary>Takes a fact and appends what is to be done.</summary>
    /// <param name="now">The shell's clock, from any origin; it never goes back.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Where to append.</param>
    public void Apply(TimeSpan now, UserDirectoryEvent @event, IList<UserDirectoryEffect> effects)
    {
        switch (@event)
        {
            case UserDirectoryEvent.Asked asked:
                DirectoryReply reply = Answer(now, asked, effects);
                effects.Add(new UserDirectoryEffect.Answer(asked.Call, reply));
                break;
            case UserDirectoryEvent.Probed probed when _presences.Find(probed.Presence) is { } user:
                Note(now, user, probed.Result, effects);
                break;
            case UserDirectoryEvent.Stored:
                _unsettled.Clear();
                break;
            case UserDirectoryEvent.StoreFailed:
                TakeBack(now);
                break;
            case UserDirectoryEvent.GuestCame came:
                Tell(_guests.Welcome(came, IsTaken), effects);
                Tell(_guests.Share(came.Guest, came.Files, ref _lastPublication), effects);
                break;
            case UserDirectoryEvent.GuestShared shared:
                Tell(_guests.Share(shared.Guest, shared.Files, ref _lastPublication), effects);
                break;
            case UserDirectoryEvent.GuestLost lost:
                Tell(_guests.Lose(lost), effects);
                break;
            case UserDirectoryEvent.GuestGone gone:
                Tell(_guests.Part(gone), effects);
                break;
            case UserDirectoryEvent.Tick:
                foreach (ConnectedUser user in _presences.TakeDue(now))
                {
                    effects.Add(new UserDirectoryEffect.Probe(user));
                }

                break;
            default:
                // A probe of somebody who has gone meanwhile.
                break;
        }
    }

    private DirectoryReply Answer(
        TimeSpan now, UserDirectoryEvent.Asked asked, IList<UserDirectoryEffect> effects)
    {
        if (asked.Request is DirectoryRequest.Register register)
        {
            return Plain(Register(now, register, effects));
        }

        if (!_users.TryGetValue(asked.Request.User, out OfferingUser? user))
        {
            return Plain(DirectoryResult.NoSuchUser);
        }

        ConnectedUser? presence = _presences.Find(user.Name);
        return asked.Request switch
        {
            DirectoryRequest.Unregister => Plain(Unregister(now, user, presence, effects)),
            DirectoryRequest.Connect connect when presence is null =>
                Plain(Connect(now, connect, asked.Address, effects)),
            DirectoryRequest.Connect => Plain(DirectoryResult.AlreadyConnected),
            _ when presence is null => Plain(DirectoryResult.NotConnected),
            DirectoryRequest.Publish publish => Plain(Publish(now, user, publish, effects)),
            DirectoryRequest.Withdraw withdraw => Plain(Withdraw(now, user, withdraw, effects)),
            DirectoryRequest.ListUsers => new DirectoryReply.Users(_presences.List),
            DirectoryRequest.ListContent list => List(list.Target),
            DirectoryRequest.Disconnect => Plain(End(now, presence, PresenceEnd.Asked, effects)),
            _ => throw new UnreachableException(),
        };
    }

    private DirectoryReply List(UserName target) =>
        _users.TryGetValue(target, out OfferingUser? user) ? new DirectoryReply.Contents(user.Publications)
        : _guests.Find(target) is { } guest ? new DirectoryReply.Contents(guest.Publications)
        : Plain(DirectoryResult.NoSuchTarget);

    private DirectoryResult Register(
        TimeSpan now, DirectoryRequest.Register register, IList<UserDirectoryEffect> effects)
    {
        if (_users.ContainsKey(register.User) || _guests.Find(register.User) is not null)
        {
            return DirectoryResult.NameInUse;
        }

        if (_users.Count >= _options.MostUsers)
        {
            return DirectoryResult.Refused;
        }

        return Change(now, new DirectoryChange.Registered(register.User), effects);
    }

    private DirectoryResult Unregister(
        TimeSpan now, OfferingUser user, ConnectedUser? presence, IList<UserDirectoryEffect> effects) =>
        presence is null
            ? Change(now, new DirectoryChange.Unregistered(user.Name, user.Publications), effects)
            : DirectoryResult.StillConnected;

    private DirectoryResult Connect(
        TimeSpan now, DirectoryRequest.Connect connect, string address, IList<UserDirectoryEffect> effects) =>
        Change(
            now,
            new DirectoryChange.Connected(
                new ConnectedUser(_presences.NextId(), connect.User, address, connect.Port)),
            effects);

    private DirectoryResult Publish(
        TimeSpan now, OfferingUser user, DirectoryRequest.Publish publish, IList<UserDirectoryEffect> effects)
    {
        if (user.Find(publish.File) is not null)
        {
            return DirectoryResult.AlreadyPublished;
        }

        if (user.Count >= _options.MostPublications)
        {
            return DirectoryResult.Refused;
        }

        var publication = new Publication(++_lastPublication, user.Name, publish.File, publish.Description);
        return Change(now, new DirectoryChange.Published(publication), effects);
    }

    private DirectoryResult Withdraw(
        TimeSpan now, OfferingUser user, DirectoryRequest.Withdraw withdraw, IList<UserDirectoryEffect> effects) =>
        user.Find(withdraw.File) is { } publication
            ? Change(now, new DirectoryChange.Withdrawn(publication), effects)
            : DirectoryResult.NotPublished;

    private void Note(
        TimeSpan now, ConnectedUser user, ProbeResult result, IList<UserDirectoryEffect> effects)
    {
        if (result == ProbeResult.Answered)
        {
            _presences.Answered(now, user);
        }
        else if (_presences.Silent(now, user) >= _options.MostSilences)
        {
            End(now, user, PresenceEnd.Vanished, effects);
        }
    }

    private DirectoryResult End(
        TimeSpan now, ConnectedUser user, PresenceEnd how, IList<UserDirectoryEffect> effects) =>
        Change(now, new DirectoryChange.Disconnected(user, how), effects);

    // A name that was given up a moment ago may still come back to its user: then that is the first change of it.
    private bool IsTaken(UserName name) =>
        _users.ContainsKey(name)
        || _unsettled.Find(change => change switch
        {
            DirectoryChange.Registered registered => registered.User == name,
            DirectoryChange.Unregistered gone => gone.User == name,
            _ => false,
        }) is DirectoryChange.Unregistered;

    private static void Tell(DirectoryChange? change, IList<UserDirectoryEffect> effects)
    {
        if (change is not null)
        {
            effects.Add(new UserDirectoryEffect.Changed(change));
        }
    }

    private DirectoryResult Change(TimeSpan now, DirectoryChange change, IList<UserDirectoryEffect> effects)
    {
        Make(now, change);
        _unsettled.Add(change);
        effects.Add(new UserDirectoryEffect.Changed(change));
        return DirectoryResult.Done;
    }

    private void Make(TimeSpan now, DirectoryChange change)
    {
        switch (change)
        {
            case DirectoryChange.Registered registered:
                _users.Add(registered.User, new OfferingUser(registered.User));
                break;
            case DirectoryChange.Unregistered unregistered:
                _users.Remove(unregistered.User);
                break;
            case DirectoryChange.Published published:
                _users[published.Publication.Owner].Add(published.Publication);
                break;
            case DirectoryChange.Withdrawn withdrawn:
                _users[withdrawn.Publication.Owner].Remove(withdrawn.Publication);
                break;
            case DirectoryChange.Connected connected:
                _presences.Add(now, connected.User);
                break;
            case DirectoryChange.Disconnected disconnected:
                _presences.Remove(disconnected.User);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void TakeBack(TimeSpan now)
    {
        for (int i = _unsettled.Count - 1; i >= 0; i--)
        {
            Make(now, Inverse(_unsettled[i]));
            if (_unsettled[i] is DirectoryChange.Unregistered { Publications: var publications })
            {
                foreach (Publication publication in publications)
                {
                    Make(now, new DirectoryChange.Published(publication));
                }
            }
        }

        _unsettled.Clear();
    }

    private static DirectoryChange Inverse(DirectoryChange change) => change switch
    {
        DirectoryChange.Registered registered => new DirectoryChange.Unregistered(registered.User, []),
        DirectoryChange.Unregistered unregistered => new DirectoryChange.Registered(unregistered.User),
        DirectoryChange.Published published => new DirectoryChange.Withdrawn(published.Publication),
        DirectoryChange.Withdrawn withdrawn => new DirectoryChange.Published(withdrawn.Publication),
        DirectoryChange.Connected connected => new DirectoryChange.Disconnected(connected.User, PresenceEnd.Asked),
        DirectoryChange.Disconnected gone => new DirectoryChange.Connected(gone.User),
        _ => throw new UnreachableException(),
    };

    private static DirectoryReply.Plain Plain(DirectoryResult result) => new(result);
}
