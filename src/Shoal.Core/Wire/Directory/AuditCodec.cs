using System.Buffers;
using System.Text;
using Shoal.Core.Members;
using Shoal.Core.Wire.Rpc;

namespace Shoal.Core.Wire.Directory;

/// <summary>
/// The remote procedure by which a directory tells its operations.
/// <code>
///   program 0x20000099 | version 1 | procedure 1 | user string(256) | operation string(269) | time string(20)
/// </code>
/// </summary>
public static class AuditCodec
{
    /// <summary>The program.</summary>
    public const uint Program = 0x20000099;

    /// <summary>Its version.</summary>
    public const uint Version = 1;

    /// <summary>The procedure that every program has, which does nothing.</summary>
    public const uint Nothing = 0;

    /// <summary>The procedure that notes an operation.</summary>
    public const uint Note = 1;

    private const int MostUserBytes = 256;
    private const int MostOperationBytes = 269;
    private const int MostStampBytes = 20;

    /// <summary>Writes a call, with its record mark.</summary>
    public static void EncodeCall(IBufferWriter<byte> output, uint id, AuditEntry entry)
    {
        var record = new ArrayBufferWriter<byte>();
        RpcCodec.EncodeCall(record, id, Program, Version, Note);
        record.WriteText(entry.User);
        record.WriteText(entry.Operation);
        record.WriteText(entry.Stamp);
        RecordMark.Encode(output, record.WrittenSpan);
    }

    /// <summary>Reads the arguments of a call; null: they are none.</summary>
    public static AuditEntry? DecodeArguments(ReadOnlySpan<byte> arguments)
    {
        var reader = new XdrReader(arguments);
        string user = Encoding.UTF8.GetString(reader.Opaque(MostUserBytes));
        string operation = Encoding.UTF8.GetString(reader.Opaque(MostOperationBytes));
        string stamp = Encoding.UTF8.GetString(reader.Opaque(MostStampBytes));
        return reader.IsWrong ? null : new AuditEntry(user, operation, stamp);
    }
}
