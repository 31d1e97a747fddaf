namespace Shoal.Core.Members;

/// <summary>Names one stay of one user, from a connect to its end. Never reused.</summary>
/// <param name="Number">From 1, in the order of connecting.</param>
public readonly record struct PresenceId(long Number);

/// <summary>A user who is connected, and where others fetch from its machine.</summary>
/// <param name="Presence">This stay.</param>
/// <param name="User">Who.</param>
/// <param name="Address">The address that the connect came from, as text.</param>
/// <param name="Port">Where the user's machine listens, 1 to 65535.</param>
public sealed record ConnectedUser(PresenceId Presence, UserName User, string Address, int Port);
