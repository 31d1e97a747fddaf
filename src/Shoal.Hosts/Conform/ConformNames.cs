using System.Buffers;
using System.Globalization;
using System.Text;

namespace Shoal.Hosts.Conform;

/// <summary>
/// Fills in what is left open in the texts of one case: names that no other case and no other run has, a date, a port.
/// </summary>
/// <param name="prefix">With which all names begin; ASCII.</param>
/// <param name="stamp">The date.</param>
/// <param name="port">A port that listens.</param>
internal sealed class ConformNames(string prefix, string stamp, int port)
{
    /// <summary>The name of a user, from its letter.</summary>
    public string User(string letter) => $"{prefix}{letter}";

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="FormatException">There is something in it that is nothing.</exception>
    public byte[] Bytes(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        int at = 0;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '\\':
                    at += Escape(text.AsSpan(at + 1), output) + 1;
                    break;
                case '{':
                    int end = text.IndexOf('}', at);
                    Encoding.UTF8.GetBytes(Filling(text[(at + 1)..end]), output);
                    at = end + 1;
                    break;
                default:
                    int next = text.AsSpan(at).IndexOfAny('\\', '{');
                    next = next < 0 ? text.Length : at + next;
                    Encoding.UTF8.GetBytes(text.AsSpan(at, next - at), output);
                    at = next;
                    break;
            }
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same as text.</summary>
    public string Text(string text) => Encoding.UTF8.GetString(Bytes(text));

    private string Filling(string word) => word switch
    {
        "D" => stamp + '\0',
        "port" => port.ToString(CultureInfo.InvariantCulture),
        ['a' or 'b' or 'c' or 'd'] => User(word),
        ['n', .. var size] => User("n").PadRight(Number(size), 'x'),
        ['t', .. var size] => "about ".PadRight(Number(size) - 1) + ".",
        _ => throw new FormatException($"nobody knows what to fill in for {{{word}}}"),
    };

    // Returns how many characters behind the backslash it took.
    private static int Escape(ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        byte value = text[0] switch
        {
            '0' => 0,
            'n' => (byte)'\n',
            't' => (byte)'\t',
            's' => (byte)' ',
            'x' => byte.Parse(text.Slice(1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            _ => throw new FormatException($"nobody knows what \\{text[0]} is"),
        };
        output.Write([value]);
        return text[0] == 'x' ? 3 : 1;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
