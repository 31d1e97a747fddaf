using System.Collections.Immutable;

namespace Shoal.Core.Members;

/// <summary>
/// A change of a directory. Registrations and publications last; presence is gone when the hub stops, and
/// so are guests.
/// </summary>
public abstract record DirectoryChange
{
    private DirectoryChange()
    {
    }

    /// <summary>Somebody became a user. Lasts.</summary>
    /// <param name="User">Who.</param>
    public sealed record Registered(UserName User) : DirectoryChange;

    /// <summary>Somebody is a user no longer. Lasts.</summary>
    /// <param name="User">Who.</param>
    /// <param name="Publications">What went with the user.</param>
    public sealed record Unregistered(UserName User, ImmutableArray<Publication> Publications) : DirectoryChange;

    /// <summary>A file is offered. Lasts.</summary>
    /// <param name="Publication">Which.</param>
    public sealed record Published(Publication Publication) : DirectoryChange;

    /// <summary>A file is offered no longer. Lasts.</summary>
    /// <param name="Publication">Which.</param>
    public sealed record Withdrawn(Publication Publication) : DirectoryChange;

    /// <summary>A user connected.</summary>
    /// <param name="User">Who, and where.</param>
    public sealed record Connected(ConnectedUser User) : DirectoryChange;

    /// <summary>A user is connected no longer.</summary>
    /// <param name="User">Who.</param>
    /// <param name="How">Why.</param>
    public sealed record Disconnected(ConnectedUser User, PresenceEnd How) : DirectoryChange;

    /// <summary>A member of a swarm is listed as a user.</summary>
    /// <param name="Guest">Which stay.</param>
    /// <param name="User">Under which name, and where.</param>
    public sealed record Welcomed(GuestId Guest, ConnectedUser User) : DirectoryChange;

    /// <summary>Files of a guest are listed.</summary>
    /// <param name="Guest">Whose.</param>
    /// <param name="Files">Which; each has a name that a publication can have.</param>
    public sealed record Shared(GuestId Guest, ImmutableArray<GuestFile> Files) : DirectoryChange;

    /// <summary>Files of a guest are listed no longer.</summary>
    /// <param name="User">Whose.</param>
    /// <param name="Files">Which.</param>
    public sealed record Unshared(UserName User, ImmutableArray<PublicationName> Files) : DirectoryChange;

    /// <summary>A guest is in no list any more.</summary>
    /// <param name="Guest">Which stay.</param>
    /// <param name="User">Its name while it was here.</param>
    public sealed record Parted(GuestId Guest, ConnectedUser User) : DirectoryChange;
}

/// <summary>Why a presence ended.</summary>
public enum PresenceEnd
{
    /// <summary>The user said so.</summary>
    Asked,

    /// <summary>The user's machine stopped answering.</summary>
    Vanished,
}
