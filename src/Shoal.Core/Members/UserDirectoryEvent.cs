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
