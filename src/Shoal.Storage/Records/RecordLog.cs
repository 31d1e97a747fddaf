using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Records;

/// <summary>Takes a record out of a log.</summary>
/// <exception cref="InvalidDataException">It is none: the log ends before it.</exception>
internal delegate void RecordTaker(ref RecordReader record);

/// <summary>
/// A file of records that only grows. Each is written by one call and is there or not there: a torn or
/// damaged one, and all behind it, count as never written.
/// </summary>
/// <remarks>
/// <code>
///   magic (8) | record | record | ...
///   record:  length of the body (4) | CRC-32C over length and body (4) | body
/// </code>
/// Thread-safe.
/// </remarks>
internal sealed class RecordLog : IDisposable
{
    /// <summary>No record is longer: room for the manifest of the content with the most chunks.</summary>
    public const int MostRecordBytes = (ChunkLayout.MostChunks * Digest.Size) + 4096;

    private const int MagicSize = 8;
    private const int HeaderSize = 8;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private byte[] _buffer = new byte[512];
    private long _end;

    private RecordLog(string path, SafeFileHandle file, long end)
    {
        _path = path;
        _file = file;
        _end = end;
    }

    /// <summary>How long the log is, in bytes.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Starts an empty log, over whatever was there.</summary>
    public static RecordLog Create(string path, ReadOnlySpan<byte> magic)
    {
        SafeFileHandle file = File.OpenHandle(
            path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, magic, 0);
        return new RecordLog(path, file, MagicSize);
    }

    /// <summary>
    /// Reads the records of a log, as far as they are whole. A log that is not there has none.
    /// </summary>
    /// <returns>Where the last good record ends; 0 if not even the magic is right.</returns>
    public static long Read(string path, ReadOnlySpan<byte> magic, RecordTaker take)
    {
        if (FileProbe.Look(path).Kind != FileKind.File)
        {
            return 0;
        }

        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (stream.ReadAtLeast(header, MagicSize, throwOnEndOfStream: false) < MagicSize
            || !header.SequenceEqual(magic))
        {
            return 0;
        }

        long end = MagicSize;
        byte[] body = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) == HeaderSize)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is <= 0 or > MostRecordBytes || length > stream.Length - stream.Position)
            {
                break;
            }

            if (body.Length < length)
            {
                ArrayPool<byte>.Shared.Return(body);
                body = ArrayPool<byte>.Shared.Rent(length);
            }

            stream.ReadExactly(body.AsSpan(0, length));
            if (!TryTake(header, body.AsSpan(0, length), take))
            {
                break;
            }

            end += HeaderSize + length;
        }

        ArrayPool<byte>.Shared.Return(body);
        return end;
    }

    /// <summary>Adds a record.</summary>
    public void Append(ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            int size = HeaderSize + body.Length;
            if (_buffer.Length < size)
            {
                _buffer = new byte[Math.Max(size, _buffer.Length * 2)];
            }

            BinaryPrimitives.WriteInt32LittleEndian(_buffer, body.Length);
            body.CopyTo(_buffer.AsSpan(HeaderSize));
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(4), Checksum(_buffer.AsSpan(0, 4), body));
            try
            {
                // Where this fails half way, the next record goes to the same place.
                RandomAccess.Write(_file, _buffer.AsSpan(0, size), _end);
            }
            catch (Exception e) when (FolderFailure.IsFromDisk(e))
            {
                throw FolderFailure.At(_path, e);
            }

            _end += size;
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool TryTake(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, RecordTaker take)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != Checksum(header[..4], body))
        {
            return false;
        }

        try
        {
            var reader = new RecordReader(body);
            take(ref reader);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // CRC-32C (RFC 3720, appendix B.4), by the processor where it can.
    private static uint Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> body)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(length));
        while (body.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(body));
            body = body[8..];
        }

        foreach (byte b in body)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
