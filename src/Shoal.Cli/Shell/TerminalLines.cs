using System.Threading.Channels;
using Shoal.Cli.Rendering;
using Shoal.Cli.Shell.Editing;

namespace Shoal.Cli.Shell;

/// <summary>Lines that a person writes on a terminal, one at a time, in one row of it.</summary>
internal sealed class TerminalLines(
    ILineCompletion completion, TextWriter output, Func<int> width, ChannelReader<ConsoleKeyInfo> keys) : ILineSource
{
    /// <summary>Keys that are pressed before somebody looks at them.</summary>
    private const int MostAhead = 4096;

    private const string ToStart = "\r";
    private const string EraseToEnd = "\x1b[K";

    private readonly LineEditor _editor = new(completion);

    /// <summary>
    /// The keys of the terminal. A thread of its own waits for them, which must not keep the process from ending.
    /// </summary>
    public static ChannelReader<ConsoleKeyInfo> ReadKeys()
    {
        var pressed = Channel.CreateBounded<ConsoleKeyInfo>(
            new BoundedChannelOptions(MostAhead) { FullMode = BoundedChannelFullMode.DropWrite });
        new Thread(() => Read(pressed.Writer)) { IsBackground = true, Name = "keys" }.Start();
        return pressed.Reader;
    }

    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        Draw();
        while (await keys.WaitToReadAsync(cancellation))
        {
            while (keys.TryRead(out ConsoleKeyInfo key))
            {
                switch (_editor.Press(key))
                {
                    case KeyOutcome.Entered:
                        output.WriteLine();
                        return _editor.Take();
                    case KeyOutcome.Ended:
                        output.WriteLine();
                        return null;
                    case KeyOutcome.Offered:
                        Offer();
                        break;
                    default:
                        break;
                }
            }

            Draw();
        }

        return null;
    }

    private static void Read(ChannelWriter<ConsoleKeyInfo> pressed)
    {
        try
        {
            while (true)
            {
                pressed.TryWrite(Console.ReadKey(intercept: true));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            pressed.TryComplete();
        }
    }

    private void Offer()
    {
        output.WriteLine();
        output.WriteLine(TextWidth.Cut(string.Join("  ", _editor.Offers), Math.Max(1, width() - 1)));
    }

    // A line that is wider than the terminal shows the window around the cursor.
    private void Draw()
    {
        int columns = Math.Max(1, width() - ShellTexts.Prompt.Length - 1);
        string head = TextWidth.Clean(_editor.Head);
        int from = 0;
        while (TextWidth.Of(head[from..]) > columns)
        {
            from++;
        }

        string shown = head[from..];
        int place = ShellTexts.Prompt.Length + TextWidth.Of(shown);
        foreach (char next in TextWidth.Clean(_editor.Text)[head.Length..])
        {
            if (TextWidth.Of(shown + next) > columns)
            {
                break;
            }

            shown += next;
        }

        output.Write($"{ToStart}{ShellTexts.Prompt}{shown}{EraseToEnd}\r\x1b[{place}C");
        output.Flush();
    }
}
