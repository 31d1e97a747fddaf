using System.Buffers;

namespace Shoal.Hosts.Agency;

/// <summary>Reads a stream line by line and never holds more than one line at most and what was read with it.</summary>
internal sealed class LineReader(Stream stream) : IAsyncDisposable
{
    /// <summary>Bytes of a line at most, with its end; of a longer one only this much is kept.</summary>
    public const int LongestLine = 4096;

    private const int BufferSize = 64 * 1024;

    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The line that was read last, without its end; valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether that line was longer than <see cref="LongestLine"/>.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Its number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes of the stream behind us.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next line. False: there is none.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IsTooLong = false;
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Take(searched + length, 1);
                return true;
            }

            searched = _end - _start;
            if (searched >= LongestLine)
            {
                IsTooLong = true;
                await SkipAsync(cancellationToken);
                return true;
            }

            if (!await FillAsync(cancellationToken))
            {
                Take(searched, 0);
                return searched > 0;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        return stream.DisposeAsync();
    }

    private void Take(int length, int ending)
    {
        IsTooLong = length + ending > LongestLine;
        Memory<byte> line = _buffer.AsMemory(_start, Math.Min(length, LongestLine));
        Advance(length + ending);
        Line = Trim(line);
    }

    // The beginning of a line that is too long stays where it is while the rest of it is read over.
    private async ValueTask SkipAsync(CancellationToken cancellationToken)
    {
        byte[] kept = _buffer.AsSpan(_start, LongestLine).ToArray();
        int end;
        do
        {
            Advance(_end - _start);
            end = await FillAsync(cancellationToken)
                ? _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')
                : -1;
        }
        while (end < 0 && !_isAtEnd);

        Advance(end < 0 ? _end - _start : end + 1);
        Line = Trim(kept);
    }

    private Memory<byte> Trim(Memory<byte> line)
    {
        Number++;
        if (Number == 1 && line.Span.StartsWith(s_mark))
        {
            line = line[s_mark.Length..];
        }

        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Advance(int bytes)
    {
        _start += bytes;
        Position += bytes;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return false;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isAtEnd = read == 0;
        return !_isAtEnd;
    }
}
