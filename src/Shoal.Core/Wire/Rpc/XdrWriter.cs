using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Shoal.Core.Wire.Rpc;

/// <summary>Writes the external data representation (RFC 4506).</summary>
internal static class XdrWriter
{
    private const int Unit = 4;

    public static void WriteNumber(this IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(Unit), value);
        output.Advance(Unit);
    }

    public static void WriteText(this IBufferWriter<byte> output, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        output.WriteNumber((uint)length);
        Encoding.UTF8.GetBytes(text, output);
        int fill = (Unit - (length % Unit)) % Unit;
        output.GetSpan(Unit)[..fill].Clear();
        output.Advance(fill);
    }
}
