using System.Globalization;
using System.Security;
using Shoal.Core.Time;

namespace Shoal.Cli.Rendering;

/// <summary>
/// What goes on when, a row for each link or other thing that is busy or idle, as a picture (SVG 1.1, with colours for
/// light and dark screens). Few spans are drawn each for itself. Of many, none would be seen: then a row shows which
/// share of its time each kind takes, pixel by pixel, as heights. The picture's size has a limit, whatever is added.
/// </summary>
internal sealed class GanttChart
{
    /// <summary>More rows than these are not drawn, and the picture says so.</summary>
    public const int MostRows = 64;

    /// <summary>More kinds than these would be hard to tell apart.</summary>
    public const int MostKinds = 6;

    /// <summary>Up to so many spans a row, on average, are drawn each for itself.</summary>
    public const int MostSpansPerRow = 200;

    private readonly string _title;
    private readonly IReadOnlyList<string> _rows;
    private readonly IReadOnlyList<string> _kinds;
    private readonly int _drawnRows;
    private readonly GanttColumns _columns;
    private readonly long[] _covered;
    private readonly long[] _busy;
    private List<GanttSpan>? _spans = [];

    /// <summary>Creates an empty chart.</summary>
    /// <param name="title">A line above it.</param>
    /// <param name="rows">What each row is called.</param>
    /// <param name="kinds">What each kind of span is called in the legend; lowest in a row first.</param>
    /// <exception cref="ArgumentOutOfRangeException">More kinds than <see cref="MostKinds"/>.</exception>
    public GanttChart(string title, IReadOnlyList<string> rows, IReadOnlyList<string> kinds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kinds.Count, MostKinds, nameof(kinds));
        _title = title;
        _rows = rows;
        _kinds = kinds;
        _drawnRows = Math.Min(rows.Count, MostRows);
        _columns = new GanttColumns(_drawnRows, kinds.Count);
        _covered = new long[_drawnRows * kinds.Count];
        _busy = new long[_drawnRows];
    }

    /// <summary>
    /// Adds a span. Those of one row and kind come in the order in which they start; where they overlap, the time
    /// counts once.
    /// </summary>
    public void Add(int row, int kind, VirtualTime start, VirtualTime end)
    {
        if (row >= _drawnRows)
        {
            return;
        }

        ref long covered = ref _covered[(row * _kinds.Count) + kind];
        long from = Math.Max(start.Nanoseconds, covered);
        if (end.Nanoseconds <= from)
        {
            return;
        }

        covered = end.Nanoseconds;
        _busy[row] += end.Nanoseconds - from;
        _columns.Add(row, kind, from, end.Nanoseconds);
        _spans?.Add(new GanttSpan(row, kind, from, end.Nanoseconds));
        if (_spans?.Count > MostSpansPerRow * _drawnRows)
        {
            _spans = null;
        }
    }

    /// <summary>Draws the chart.</summary>
    /// <param name="writer">Gets the picture.</param>
    /// <param name="end">The end of the time axis; not before the end of any span.</param>
    public void Write(TextWriter writer, VirtualTime end)
    {
        var frame = new GanttFrame(_rows.Take(_drawnRows), Math.Max(1, end.Nanoseconds));
        WriteHead(writer, frame);
        WriteAxis(writer, frame, new GanttAxis(end));
        for (int row = 0; row < _drawnRows; row++)
        {
            WriteRow(writer, frame, row);
        }

        if (_rows.Count > _drawnRows)
        {
            Text(writer, frame.Left, frame.Height - 10, "soft", $"and {_rows.Count - _drawnRows} more, not drawn");
        }

        writer.Write("</svg>\n");
    }

    private void WriteHead(TextWriter writer, GanttFrame frame)
    {
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {GanttFrame.Width} {frame.Height}\" "
            + $"width=\"{GanttFrame.Width}\" height=\"{frame.Height}\" role=\"img\">\n"));
        writer.Write($"<title>{Escape(_title)}</title>\n{GanttFrame.Style}");
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"<rect class=\"back\" width=\"{GanttFrame.Width}\" height=\"{frame.Height}\"/>\n"));
        Text(writer, GanttFrame.Margin, 24, "title", TextWidth.Cut(_title, GanttFrame.TitleColumns));
        double x = frame.Left;
        foreach ((string name, string style) in _kinds.Select((name, i) => (name, $"k{i}")).Append(("idle", "idle")))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"<rect class=\"{style}\" x=\"{x:0.##}\" y=\"38\" width=\"12\" height=\"12\"/>\n"));
            Text(writer, x + 18, 48, "", name);
            x += 18 + GanttFrame.WidthOf(name) + 22;
        }

        if (_spans is null)
        {
            Text(writer, x, 48, "soft", "heights are shares of the time");
        }

        Text(writer, GanttFrame.Width - GanttFrame.Margin, 48, "soft end", "busy");
    }

    private static void WriteAxis(TextWriter writer, GanttFrame frame, GanttAxis axis)
    {
        foreach ((double at, string number) in axis.Marks)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{frame.X(at):0.##} {GanttFrame.Top - 4}V{frame.Bottom + 5}\"/>\n"));
            Text(writer, frame.X(at), frame.Bottom + 19, "middle", number);
        }

        Text(writer, GanttFrame.Width - GanttFrame.Margin, frame.Bottom + 19, "soft end", axis.Unit);
    }

    private void WriteRow(TextWriter writer, GanttFrame frame, int row)
    {
        double y = frame.Y(row);
        double middle = y + (frame.RowHeight / 2) + 4;
        Text(writer, frame.Left - 8, middle, "end", TextWidth.Cut(_rows[row], GanttFrame.LabelColumns));
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"<rect class=\"idle\" x=\"{frame.Left:0.##}\" y=\"{y:0.##}\" width=\"{frame.PlotWidth:0.##}\" "
            + $"height=\"{frame.RowHeight:0.##}\"/>\n"));
        var paths = new GanttPaths(frame, y, _kinds.Count);
        if (_spans is not null)
        {
            foreach (GanttSpan span in _spans.Where(span => span.Row == row))
            {
                paths.AddSpan(span);
            }
        }
        else
        {
            paths.AddShares(_columns, row);
        }

        paths.Write(writer);
        double busy = Math.Min(1, (double)_busy[row] / frame.End);
        Text(writer, GanttFrame.Width - GanttFrame.Margin, middle, "end", string.Create(
            CultureInfo.InvariantCulture, $"{100 * busy:0.0} %"));
    }

    private static void Text(TextWriter writer, double x, double y, string style, string text) =>
        writer.Write(string.Create(CultureInfo.InvariantCulture,
            $"<text class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{Escape(text)}</text>\n"));

    private static string? Escape(string text) => SecurityElement.Escape(TextWidth.Clean(text));
}

/// <summary>Something that takes a row for a while, in nanoseconds.</summary>
internal readonly record struct GanttSpan(int Row, int Kind, long Start, long End);
