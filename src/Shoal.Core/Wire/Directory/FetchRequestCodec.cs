using System.Buffers;
using Shoal.Core.Members;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// A request of one user's machine to another's.
/// <code>
///   GET_FILE \0  file \0
/// </code>
/// </summary>
public static class FetchRequestCodec
{
    /// <summary>The word and its end.</summary>
    public const int WordBytes = 9;

    private static ReadOnlySpan<byte> Word => "GET_FILE"u8;

    /// <summary>Writes a request for a file.</summary>
    public static void Encode(IBufferWriter<byte> output, PublicationName file)
    {
        output.Write(Word);
        output.WriteByte(0);
        output.WriteField(file.Value);
    }

    /// <summary>
    /// Reads a request. Invalid: this is something else. Done without a file: the name is one that nothing can have.
    /// </summary>
    public static DecodeStatus TryDecode(ref ReadOnlySequence<byte> input, out PublicationName? file)
    {
        file = null;
        Span<byte> buffer = stackalloc byte[WordBytes + DirectoryLimits.FieldBytes];
        ReadOnlySequence<byte> most = input.Slice(0, Math.Min(input.Length, buffer.Length));
        most.CopyTo(buffer);
        Span<byte> bytes = buffer[..(int)most.Length];
        int known = Math.Min(bytes.Length, Word.Length);
        bool isOther = !bytes[..known].SequenceEqual(Word[..known])
            || (bytes.Length >= WordBytes && bytes[Word.Length] is not (0 or (byte)'\n'));
        if (isOther)
        {
            return DecodeStatus.Invalid;
        }

        if (bytes.Length < WordBytes)
        {
            return DecodeStatus.NeedMore;
        }

        var reader = new FieldReader(bytes);
        reader.Skip(WordBytes);
        string text = reader.Text("file's name");
        if (reader.Status == DecodeStatus.NeedMore)
        {
            return DecodeStatus.NeedMore;
        }

        file = PublicationName.TryCreate(text, out PublicationName name) ? name : null;
        input = input.Slice(reader.Position);
        return DecodeStatus.Done;
    }
}
