using Microsoft.Win32.SafeHandles;

namespace Shoal.Storage.Offers;

/// <summary>A file that is open to be read by somebody else.</summary>
public sealed class OfferedFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    internal OfferedFile(SafeFileHandle handle, long length)
    {
        _handle = handle;
        Length = length;
    }

    /// <summary>How many bytes it had when it was opened.</summary>
    public long Length { get; }

    /// <summary>Reads bytes; fewer than asked for only where the file ends.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public int Read(long offset, Span<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = RandomAccess.Read(_handle, buffer[filled..], offset + filled);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    public void Dispose() => _handle.Dispose();
}
