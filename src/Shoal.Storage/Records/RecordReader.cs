using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Records;

/// <summary>
/// Takes values out of the bytes of a record, in the order in which <see cref="RecordWriter"/> put them
/// there.
/// </summary>
/// <remarks>Every read throws <see cref="InvalidDataException"/> where the bytes are no such value.</remarks>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadInt32());

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    public EntryName ReadName() =>
        EntryName.TryParse(ReadText(), out EntryName name, out string? reason)
            ? name
            : throw new InvalidDataException(reason);

    public PeerId ReadPeer()
    {
        ulong low = (ulong)ReadInt64();
        return new PeerId((ulong)ReadInt64(), low);
    }

    public Digest ReadDigest() => new(Take(Digest.Size));

    public Files.FileStamp ReadStamp() => new(ReadInt64(), ReadInt64(), ReadInt64(), (ulong)ReadInt64());

    public Manifest ReadManifest()
    {
        long length = ReadInt64();
        int chunkSize = ReadInt32();
        if (!ChunkLayout.IsValid(length, chunkSize))
        {
            throw new InvalidDataException("A record has an impossible layout.");
        }

        var layout = new ChunkLayout(length, chunkSize);
        ReadOnlySpan<byte> raw = Take(layout.ChunkCount * Digest.Size);
        var digests = new Digest[layout.ChunkCount];
        for (int i = 0; i < digests.Length; i++)
        {
            digests[i] = new Digest(raw.Slice(i * Digest.Size, Digest.Size));
        }

        return new Manifest(layout, ImmutableCollectionsMarshal.AsImmutableArray(digests));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("A record is too short.");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
