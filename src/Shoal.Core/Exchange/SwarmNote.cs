using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Core.Time;

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

    /// <summary>The hub keeps the system clock and orders every transfer.</summary>
    public sealed record ClockKept : SwarmNote;

    /// <summary>A member's place in a run under the system clock.</summary>
    /// <param name="Place">Its number, from 1 in the order of joining.</param>
    /// <param name="Member">Who.</param>
    /// <param name="Cost">What its link takes.</param>
    public sealed record ClockPlace(int Place, Member Member, LinkCost Cost) : SwarmNote;

    /// <summary>A file of a run under the system clock.</summary>
    /// <param name="File">Its number, from 1.</param>
    /// <param name="Content">Its content.</param>
    /// <param name="Name">Its name; of several the first.</param>
    /// <param name="Owner">The place of who has it at the start; 0: nobody has all of it.</param>
    /// <param name="Chunks">How many chunks it has.</param>
    public sealed record ClockFile(int File, ContentId Content, string Name, int Owner, int Chunks) : SwarmNote;

    /// <summary>An order was carried out: a message or a chunk has crossed a link.</summary>
    /// <param name="Order">The order.</param>
    /// <param name="Outcome">What it came to.</param>
    public sealed record Carried(HubMessage.Order Order, OrderOutcome Outcome) : SwarmNote;

    /// <summary>What one member's link did by the end.</summary>
    /// <param name="Place">The member's number.</param>
    /// <param name="Busy">How long it carried something.</param>
    /// <param name="Served">Chunks that it uploaded.</param>
    /// <param name="Received">Chunks that were delivered to it.</param>
    /// <param name="MeanChunk">From the start of a request to what finishes it, on average.</param>
    public sealed record ClockTally(
        int Place, VirtualTime Busy, long Served, long Received, VirtualTime MeanChunk) : SwarmNote;

    /// <summary>Everybody here has all that there is, by the system clock.</summary>
    /// <param name="Reading">What it took.</param>
    public sealed record Clocked(ClockReading Reading) : SwarmNote;

    /// <summary>Everybody here has all that there is; waiting for members that vanished.</summary>
    /// <param name="Patience">For how long.</param>
    public sealed record Waiting(TimeSpan Patience) : SwarmNote;
}
