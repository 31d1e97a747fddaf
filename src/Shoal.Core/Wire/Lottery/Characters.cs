using System.Buffers;
using System.Text.Unicode;

namespace Shoal.Core.Wire.Lottery;

/// <summary>What bytes say in UTF-8, in a borrowed buffer, up to the first that says nothing.</summary>
internal readonly ref struct Characters : IDisposable
{
    private readonly char[] _buffer;

    public Characters(ReadOnlySpan<byte> bytes)
    {
        _buffer = ArrayPool<char>.Shared.Rent(bytes.Length);
        IsWhole = Utf8.ToUtf16(bytes, _buffer, out _, out int written, replaceInvalidSequences: false)
            == OperationStatus.Done;
        Text = _buffer.AsSpan(0, written);
    }

    /// <summary>The text; whoever reads it may also write over it.</summary>
    public Span<char> Text { get; }

    /// <summary>Whether that is all; else what follows is not UTF-8.</summary>
    public bool IsWhole { get; }

    public void Dispose() => ArrayPool<char>.Shared.Return(_buffer);
}
