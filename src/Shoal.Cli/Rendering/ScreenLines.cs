namespace Shoal.Cli.Rendering;

/// <summary>
/// Lines for a person, with a few live lines below them that are drawn again and again; log and progress
/// share it, so that neither tears the other. Where nobody looks, live lines are never drawn.
/// </summary>
internal sealed class ScreenLines(TextWriter writer, bool isTerminal, int width)
{
    private readonly Lock _lock = new();
    private string[] _live = [];

    /// <summary>Whether live lines can be drawn.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>The width of a line in columns.</summary>
    public int Width => width;

    /// <summary>Writes a line that stays, above the live ones.</summary>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            Erase();
            writer.WriteLine(line);
            Draw();
            writer.Flush();
        }
    }

    /// <summary>Replaces the live lines; none ends the display. What is too wide goes on in the next line.</summary>
    public void SetLive(params IReadOnlyList<string> lines)
    {
        if (!isTerminal)
        {
            return;
        }

        lock (_lock)
        {
            Erase();
            _live = [.. lines.SelectMany(line => TextWidth.Fold(line, width - 1))];
            Draw();
            writer.Flush();
        }
    }

    private void Erase()
    {
        if (_live.Length > 0)
        {
            // Cursor up to the first live line, then erase to the end of the screen (ECMA-48 CUU and ED).
            writer.Write($"\r\x1b[{_live.Length}A\x1b[J");
        }
    }

    private void Draw()
    {
        foreach (string line in _live)
        {
            writer.WriteLine(line);
        }
    }
}
