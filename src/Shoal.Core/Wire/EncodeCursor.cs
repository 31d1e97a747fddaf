namespace Shoal.Core.Wire;

/// <summary>
/// How far the encoding of one message has come. A message whose list does not fit into one frame takes
/// several, and a writer encodes the next one when the one before is on its way, so that a long list costs
/// one frame of memory.
/// </summary>
public struct EncodeCursor
{
    /// <summary>The first item of the list that is not written yet.</summary>
    internal int Item { get; set; }

    /// <summary>How much of that item is written.</summary>
    internal int Offset { get; set; }
}
