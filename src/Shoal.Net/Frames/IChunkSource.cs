using Shoal.Core.Content;

namespace Shoal.Net.Frames;

/// <summary>
/// Where a connection gets the bytes of the chunks that it sends: the storage, for one receiver.
/// </summary>
public interface IChunkSource
{
    /// <summary>Fills the whole buffer with bytes of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="offset">The first byte wanted, within the chunk.</param>
    /// <param name="buffer">To be filled; ends within the chunk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the bytes are not to be had (any more).</returns>
    ValueTask<bool> ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Lends the file that holds a chunk, so that it can be sent without being read.</summary>
    /// <returns>Null: it has to be read.</returns>
    LentFile? TryLend(ChunkRef chunk) => null;

    /// <summary>
    /// A chunk has been handed to the link, or cannot be; called from the connection's writer.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="outcome">What became of it.</param>
    void Ended(ChunkRef chunk, UploadOutcome outcome);
}

/// <summary>What became of a chunk that was to be sent.</summary>
public enum UploadOutcome
{
    /// <summary>All of it has been handed to the link.</summary>
    Sent,

    /// <summary>Its bytes are not to be had; nothing of it was sent, or the connection ends.</summary>
    Unreadable,
}
