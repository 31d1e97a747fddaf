using System.Text;
using System.Threading.Channels;

namespace Shoal.Cli.Shell;

/// <summary>
/// Lines from a pipe or a file. They are read by a thread of their own: a read of a standard input cannot be cancelled,
/// and must not keep the process from ending.
/// </summary>
internal sealed class PlainLines : ILineSource
{
    /// <summary>
    /// The longest line; what is longer is cut, and no shorter for that: no field of a directory is nearly as long.
    /// </summary>
    public const int MostCharacters = 64 * 1024;

    /// <summary>Lines that are read before they are asked for.</summary>
    private const int MostAhead = 64;

    private readonly TextWriter _output;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(MostAhead);

    public PlainLines(TextReader input, TextWriter output)
    {
        _output = output;
        new Thread(() => Read(input)) { IsBackground = true, Name = "lines" }.Start();
    }

    /// <summary>Lines of a standard input.</summary>
    public static PlainLines Of(Stream input, TextWriter output) =>
        new(new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), output);

    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        await _output.WriteAsync(ShellTexts.Prompt.AsMemory(), cancellation);
        await _output.FlushAsync(cancellation);
        return await _lines.Reader.WaitToReadAsync(cancellation) && _lines.Reader.TryRead(out string? line)
            ? line
            : null;
    }

    private void Read(TextReader input)
    {
        var line = new StringBuilder();
        try
        {
            while (input.Read() is var c and >= 0)
            {
                if (c != '\n')
                {
                    if (line.Length < MostCharacters)
                    {
                        line.Append((char)c);
                    }

                    continue;
                }

                Hand(line);
            }
        }
        catch (IOException)
        {
            // Torn: the same as its end.
        }

        if (line.Length > 0)
        {
            Hand(line);
        }

        _lines.Writer.Complete();
    }

    private void Hand(StringBuilder line)
    {
        string text = line.ToString();
        line.Clear();
        if (!_lines.Writer.TryWrite(text.EndsWith('\r') ? text[..^1] : text))
        {
            HandSlowly(text.EndsWith('\r') ? text[..^1] : text);
        }
    }

    // This thread has nothing else to do than to wait until there is space.
    private void HandSlowly(string text)
    {
        while (!_lines.Writer.TryWrite(text))
        {
            if (!_lines.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
    }
}
