using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Records;

/// <summary>
/// Puts values into the bytes of a record; little-endian, texts as UTF-8 behind their length.
/// </summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Write(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        Write(value.Length);
        _bytes.Write(value);
    }

    public void Write(string value)
    {
        Write(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _bytes);
    }

    public void Write(PeerId value)
    {
        Write((long)value.Low);
        Write((long)value.High);
    }

    public void Write(Digest value)
    {
        value.CopyTo(_bytes.GetSpan(Digest.Size));
        _bytes.Advance(Digest.Size);
    }

    public void Write(Files.FileStamp value)
    {
        Write(value.Length);
        Write(value.ModifiedAt);
        Write(value.ChangedAt);
        Write((long)value.Inode);
    }

    public void Write(ChunkLayout layout, ReadOnlySpan<Digest> digests)
    {
        Write(layout.Length);
        Write(layout.ChunkSize);
        foreach (Digest digest in digests)
        {
            Write(digest);
        }
    }
}
