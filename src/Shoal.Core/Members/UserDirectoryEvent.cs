using System.Collections.Immutable;
using Shoal.Core.Content;

namespace Shoal.Core.Members;

/// <summary>Names one request, from its arrival to its answer. Never reused.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct CallId(long Value);

/// <summary>Whether a user's machine accepted a connection where it says that it listens.</summary>
public enum ProbeResult
{
    /// <summary>It did.</summary>
    Answered,

    /// <summary>It refused, or said nothing for too long.</summary>
    Silent,
}

/// <summary>A fact that a shell tells a <see cref="UserDirectory"/>.</summary>
public abstract record UserDirectoryEvent
{
    private UserDirectoryEvent()
    {
    }

    /// <summary>Somebody asked for something.</summary>
    /// <param name="Call">Which request; its answer has the same.</param>
    /// <param name="Address">Where the request came from.</param>
    /// <param name="Request">What.</param>
    public sealed record Asked(CallId Call, string Address, DirectoryRequest Request) : UserDirectoryEvent;

    /// <summary>A user's machine was probed.</summary>
    /// <param name="Presence">Whose.</param>
    /// <param name="Result">What came of it.</param>
    public sealed record Probed(PresenceId Presence, ProbeResult Result) : UserDirectoryEvent;

    /// <summary>Somebody is a member of a swarm of the same hub: from now on it is listed as a user.</summary>
    /// <param name="Guest">Which stay.</param>
    /// <param name="Name">The member's name in its swarm.</param>
    /// <param name="Swarm">The swarm.</param>
    /// <param name="Address">Where the member is, as the hub sees it.</param>
    /// <param name="Port">Where the member listens, 1 to 65535.</param>
    /// <param name="Files">What it shares already; it is listed with them.</param>
    public sealed record GuestCame(
        GuestId Guest, string Name, string Swarm, string Address, int Port, ImmutableArray<GuestFile> Files)
        : UserDirectoryEvent;

    /// <summary>A guest shares files with its swarm.</summary>
    /// <param name="Guest">Who.</param>
    /// <param name="Files">Which.</param>
    public sealed record GuestShared(GuestId Guest, ImmutableArray<GuestFile> Files) : UserDirectoryEvent;

    /// <summary>What a guest shared is not there any more as it was.</summary>
    /// <param name="Guest">Whose.</param>
    /// <param name="Content">What.</param>
    public sealed record GuestLost(GuestId Guest, ContentId Content) : UserDirectoryEvent;

    /// <summary>A guest is a member of its swarm no longer.</summary>
    /// <param name="Guest">Which stay.</param>
    public sealed record GuestGone(GuestId Guest) : UserDirectoryEvent;

    /// <summary>All changes so far are on disk.</summary>
    public sealed record Stored : UserDirectoryEvent;

    /// <summary>The changes since the last <see cref="Stored"/> could not be stored: they are taken back.</summary>
    public sealed record StoreFailed : UserDirectoryEvent;

    /// <summary>Time has passed; told about four times a second.</summary>
    public sealed record Tick : UserDirectoryEvent;
}

/// <summary>What a <see cref="UserDirectory"/> wants done.</summary>
public abstract record UserDirectoryEffect
{
    private UserDirectoryEffect()
    {
    }

    /// <summary>Answer a request, as soon as the changes before this effect are on disk.</summary>
    /// <param name="Call">Which.</param>
    /// <param name="Reply">What.</param>
    public sealed record Answer(CallId Call, DirectoryReply Reply) : UserDirectoryEffect;

    /// <summary>The directory has changed; what lasts shall be stored.</summary>
    /// <param name="Change">How.</param>
    public sealed record Changed(DirectoryChange Change) : UserDirectoryEffect;

    /// <summary>Look whether a user's machine still answers, and tell.</summary>
    /// <param name="User">Whose, and where.</param>
    public sealed record Probe(ConnectedUser User) : UserDirectoryEffect;
}
