namespace Shoal.Net.Frames;

/// <summary>
/// The open file that holds a chunk, lent to a connection that sends from it; disposed of when it need not stay open.
/// </summary>
/// <param name="stream">The file, opened for asynchronous reading; its position means nothing.</param>
/// <param name="offset">Where the chunk begins in it.</param>
/// <param name="isIntact">Whether the file still is what it was when its bytes were known.</param>
/// <param name="rental">Disposed of with this.</param>
public sealed class LentFile(FileStream stream, long offset, Func<bool> isIntact, IDisposable rental) : IDisposable
{
    /// <summary>The file; its position means nothing.</summary>
    public FileStream Stream => stream;

    /// <summary>Where the chunk begins in it.</summary>
    public long Offset => offset;

    /// <summary>Whether the file still is what it was when its bytes were known.</summary>
    public bool IsIntact() => isIntact();

    /// <inheritdoc/>
    public void Dispose() => rental.Dispose();
}
