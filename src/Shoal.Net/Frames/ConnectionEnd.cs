namespace Shoal.Net.Frames;

/// <summary>How a connection ended.</summary>
/// <param name="Cause">Whose doing it was.</param>
/// <param name="Reason">What happened, for the log.</param>
public sealed record ConnectionEnd(EndCause Cause, string Reason);

/// <summary>Whose doing the end of a connection was.</summary>
public enum EndCause
{
    /// <summary>This end closed it.</summary>
    ClosedHere,

    /// <summary>The other end closed it, between two frames.</summary>
    ClosedThere,

    /// <summary>The network or the machine failed, or the other end stopped within a frame.</summary>
    Broken,

    /// <summary>The other end said something that is no frame of this conversation.</summary>
    Malformed,

    /// <summary>The other end takes too slowly what it is to get.</summary>
    TooSlow,

    /// <summary>The other end said nothing for longer than an honest one is silent.</summary>
    Silent,

    /// <summary>A chunk could not be read any more while it was being sent.</summary>
    Unreadable,
}
