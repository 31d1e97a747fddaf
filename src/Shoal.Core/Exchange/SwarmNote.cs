using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>Something that happened in a machine, for logs and screens.</summary>
public abstract record SwarmNote
{
    private SwarmNote()
    {
    }

    /// <summary>A member joined or came back.</summary>
    /// <param name="Member">Who.</param>
    public sealed record MemberJoined(Member Member) : SwarmNote;

    /// <summary>A member went.</summary>
    /// <param name="Member">Who.</param>
    /// <param name="Departure">How.</param>
    public sealed record MemberGone(Member Member, Departure Departure) : SwarmNote;

    /// <summary>A chunk with a wrong hash came.</summary>
    /// <param name="From">Who sent it.</param>
    /// <param name="Chunk">Which one.</param>
    /// <param name="Count">How many this peer has sent so far.</param>
    public sealed record Blamed(PeerId From, ChunkRef Chunk, int Count) : SwarmNote;

    /// <summary>A request was late and the chunk was asked of somebody else.</summary>
    /// <param name="From">Who was late.</param>
    /// <param name="To">Who is asked now.</param>
    /// <param name="Chunk">Which chunk.</param>
    public sealed record Stolen(PeerId From, PeerId To, ChunkRef Chunk) : SwarmNote;

    /// <summary>A new plan is followed.</summary>
    /// <param name="Epoch">Its epoch.</param>
    public sealed record Replanned(int Epoch) : SwarmNote;

    /// <summary>A content is complete here.</summary>
    /// <param name="Content">Which one.</param>
    public sealed record ContentCompleted(ContentId Content) : SwarmNote;

    /// <summary>A content was withdrawn and nobody has it.</summary>
    /// <param name="Content">Which one.</param>
    /// <param name="By">Who withdrew it.</param>
    public sealed record ContentWithdrawn(ContentId Content, PeerId By) : SwarmNote;

    /// <summary>Everybody here has all that there is; waiting for members that vanished.</summary>
    /// <param name="Patience">For how long.</param>
    public sealed record Waiting(TimeSpan Patience) : SwarmNote;
}
