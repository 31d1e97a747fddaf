namespace Shoal.Core.Time;

/// <summary>What can cross a link of a star, in the order of one transfer.</summary>
public enum OccupationKind
{
    /// <summary>A peer asks the hub for a chunk; on the requester's link.</summary>
    Request,

    /// <summary>The hub hands a request on to a holder; on the holder's link.</summary>
    Forward,

    /// <summary>The holder sends the chunk to the hub; on the holder's link.</summary>
    Upload,

    /// <summary>The hub sends the chunk to a requester; on the requester's link.</summary>
    Deliver,

    /// <summary>The requester says that it has the chunk; on the requester's link.</summary>
    Finished,
}
