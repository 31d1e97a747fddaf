using System.Buffers;
using System.Globalization;
using System.Text;

namespace Shoal.Core.Wire.Directory;

/// <summary>Writes fields that end with a zero byte.</summary>
internal static class FieldWriter
{
    public static void WriteField(this IBufferWriter<byte> output, string text)
    {
        Encoding.UTF8.GetBytes(text, output);
        output.WriteByte(0);
    }

    public static void WriteField(this IBufferWriter<byte> output, long number)
    {
        const int Longest = 20;
        number.TryFormat(output.GetSpan(Longest), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
        output.WriteByte(0);
    }

    public static void WriteByte(this IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
