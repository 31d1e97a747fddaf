namespace Shoal.Core.Wire;

/// <summary>What became of an attempt to read a frame.</summary>
public enum DecodeStatus
{
    /// <summary>A frame was read and its bytes are consumed.</summary>
    Done,

    /// <summary>The frame is not all there yet; the input is untouched.</summary>
    NeedMore,

    /// <summary>The bytes are no frame of this conversation; the connection is of no use any more.</summary>
    Invalid,
}
