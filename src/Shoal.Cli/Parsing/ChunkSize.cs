using System.Diagnostics.CodeAnalysis;
using Shoal.Core.Content;

namespace Shoal.Cli.Parsing;

/// <summary>A chunk size that may be chosen by hand.</summary>
/// <param name="Bytes">A power of two that a <see cref="ChunkLayout"/> takes.</param>
internal readonly record struct ChunkSize(int Bytes)
{
    /// <summary>Reads a chunk size.</summary>
    public static bool TryParse(string text, out ChunkSize size, [NotNullWhen(false)] out string? reason)
    {
        size = default;
        if (!ByteSize.TryParse(text, out ByteSize bytes, out reason))
        {
            return false;
        }

        if (bytes.Bytes > int.MaxValue || !ChunkLayout.IsValid(0, (int)bytes.Bytes))
        {
            reason = $"'{text}' is not a chunk size; write a power of two from 16KiB to 4MiB, as 256KiB";
            return false;
        }

        size = new ChunkSize((int)bytes.Bytes);
        return true;
    }
}
