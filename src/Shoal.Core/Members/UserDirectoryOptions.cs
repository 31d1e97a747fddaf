namespace Shoal.Core.Members;

/// <summary>The limits and times of a <see cref="UserDirectory"/>.</summary>
public sealed record UserDirectoryOptions
{
    /// <summary>Users at most; 1,000,000 by default. One more is refused.</summary>
    public int MostUsers { get; init; } = 1_000_000;

    /// <summary>Publications of one user at most; 100,000 by default. One more is refused.</summary>
    public int MostPublications { get; init; } = 100_000;

    /// <summary>
    /// Members of swarms that are listed as users, its guests, at most; 10,000 by default. One more is in no list.
    /// </summary>
    public int MostGuests { get; init; } = 10_000;

    /// <summary>How long a user's machine is believed in before it is probed (again); 10 s by default.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so many probes in a row without an answer a user has vanished; 3 by default.</summary>
    public int MostSilences { get; init; } = 3;
}

/// <summary>What lasts of a directory, as it was stored.</summary>
/// <param name="Users">Who is registered.</param>
/// <param name="Publications">What they offer; the owners are among the users.</param>
public sealed record DirectorySnapshot(
    IReadOnlyCollection<UserName> Users, IReadOnlyCollection<Publication> Publications)
{
    /// <summary>A directory that nobody has used yet.</summary>
    public static readonly DirectorySnapshot Empty = new([], []);
}
