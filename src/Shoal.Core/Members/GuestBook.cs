using System.Collections.Immutable;

namespace Shoal.Core.Members;

/// <summary>
/// The guests of a directory: members of the swarms of the same hub, listed as users for as long as they are members.
/// They are facts, not requests: nothing of them is stored or taken back, and being told of one twice changes nothing.
/// </summary>
internal sealed class GuestBook(UserDirectoryOptions options, PresenceBook presences)
{
    private readonly Dictionary<GuestId, Guest> _guests = [];
    private readonly Dictionary<UserName, Guest> _byName = [];

    public Guest? Find(UserName name) => _byName.GetValueOrDefault(name);

    /// <summary>A member came; null: there are too many guests, so it is in no list.</summary>
    /// <param name="came">Who, and where.</param>
    /// <param name="isTaken">Whether a registered user has a name, or may get it back.</param>
    public DirectoryChange? Welcome(UserDirectoryEvent.GuestCame came, Func<UserName, bool> isTaken)
    {
        if (!_guests.TryGetValue(came.Guest, out Guest? guest))
        {
            if (_guests.Count >= options.MostGuests)
            {
                return null;
            }

            var user = new ConnectedUser(presences.NextId(), FreeName(came, isTaken), came.Address, came.Port);
            _ = Description.TryCreate($"swarm {came.Swarm}", out Description description);
            guest = new Guest(came.Guest, user, description);
            _guests.Add(came.Guest, guest);
            _byName.Add(user.User, guest);
            presences.AddGuest(user);
        }

        return new DirectoryChange.Welcomed(guest.Id, guest.User);
    }

    /// <summary>A guest shares files; null: nothing that can be listed, or it is no guest.</summary>
    public DirectoryChange? Share(GuestId id, ImmutableArray<GuestFile> files, ref long lastNumber)
    {
        if (!_guests.TryGetValue(id, out Guest? guest))
        {
            return null;
        }

        var listed = ImmutableArray.CreateBuilder<GuestFile>();
        foreach (GuestFile file in files)
        {
            if (PublicationName.TryCreate(file.Name, out PublicationName name)
                && guest.TryShare(name, file.Content, options.MostPublications, ref lastNumber))
            {
                listed.Add(file);
            }
        }

        return listed.Count == 0 ? null : new DirectoryChange.Shared(guest.Id, listed.ToImmutable());
    }

    /// <summary>A guest has a content no longer; null: it had none of it.</summary>
    public DirectoryChange? Lose(UserDirectoryEvent.GuestLost lost) =>
        _guests.TryGetValue(lost.Guest, out Guest? guest) && guest.Lose(lost.Content) is { IsEmpty: false } names
            ? new DirectoryChange.Unshared(guest.User.User, names)
            : null;

    /// <summary>A guest is a member no longer; null: it was no guest.</summary>
    public DirectoryChange? Part(UserDirectoryEvent.GuestGone gone)
    {
        if (!_guests.Remove(gone.Guest, out Guest? guest))
        {
            return null;
        }

        _byName.Remove(guest.User.User);
        presences.Remove(guest.User);
        return new DirectoryChange.Parted(guest.Id, guest.User);
    }

    private UserName FreeName(UserDirectoryEvent.GuestCame came, Func<UserName, bool> isTaken)
    {
        for (int number = 1; ; number++)
        {
            UserName name = GuestName.Of(came.Name, came.Swarm, number);
            if (!_byName.ContainsKey(name) && !isTaken(name))
            {
                return name;
            }
        }
    }
}
