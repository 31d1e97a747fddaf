using System.Globalization;
using System.Text;

namespace Shoal.Cli.Rendering;

/// <summary>The coloured areas of one row: a path for each kind.</summary>
internal sealed class GanttPaths
{
    // Neighbours of one kind are told apart by a fine line, where it leaves enough of them.
    private const double Gap = 0.6;
    private const double WidestWithoutGap = 3;

    private readonly GanttFrame _frame;
    private readonly double _top;
    private readonly StringBuilder[] _paths;

    public GanttPaths(GanttFrame frame, double top, int kinds)
    {
        _frame = frame;
        _top = top;
        _paths = [.. Enumerable.Range(0, kinds).Select(_ => new StringBuilder())];
    }

    /// <summary>Draws a span for itself.</summary>
    public void AddSpan(GanttSpan span)
    {
        double left = _frame.X(span.Start);
        double width = _frame.X(span.End) - left;
        width = width > WidestWithoutGap ? width - Gap : width;
        _paths[span.Kind].Append(CultureInfo.InvariantCulture,
            $"M{left:0.##} {_top:0.##}h{width:0.##}v{_frame.RowHeight:0.##}h-{width:0.##}z");
    }

    /// <summary>
    /// Draws for each column which share of it each kind takes, one upon the other. Each area goes down to the ground
    /// and is covered by the lower ones, so that nothing shines through between two.
    /// </summary>
    public void AddShares(GanttColumns columns, int row)
    {
        for (int kind = 0; kind < _paths.Length; kind++)
        {
            if (columns.Has(row, kind))
            {
                AddOutline(columns, row, kind);
            }
        }
    }

    /// <summary>Writes what was drawn.</summary>
    public void Write(TextWriter writer)
    {
        for (int kind = _paths.Length - 1; kind >= 0; kind--)
        {
            if (_paths[kind].Length > 0)
            {
                writer.Write($"<path class=\"k{kind}\" d=\"{_paths[kind]}\"/>\n");
            }
        }
    }

    /// <summary>The outline of a kind and of those below it; columns of one height are one step.</summary>
    private void AddOutline(GanttColumns columns, int row, int kind)
    {
        StringBuilder path = _paths[kind];
        double ground = _top + _frame.RowHeight;
        double height = 0;
        path.Append(CultureInfo.InvariantCulture, $"M{_frame.Left:0.##} {ground:0.##}");
        for (int column = 0; column < GanttColumns.Most && column * columns.Length < _frame.End; column++)
        {
            double next = HeightOf(columns, row, kind, column);
            if (next != height)
            {
                double x = _frame.X(column * columns.Length);
                path.Append(CultureInfo.InvariantCulture, $"H{x:0.##}V{ground - next:0.##}");
                height = next;
            }
        }

        path.Append(CultureInfo.InvariantCulture, $"H{_frame.X(_frame.End):0.##}V{ground:0.##}z");
    }

    /// <summary>How high a kind reaches in a column, to half a pixel.</summary>
    private double HeightOf(GanttColumns columns, int row, int kind, int column)
    {
        long length = Math.Min(columns.Length, _frame.End - (column * columns.Length));
        long sum = 0;
        for (int lower = 0; lower <= kind; lower++)
        {
            sum += columns[row, lower, column];
        }

        return Math.Round(2 * Math.Min(1, (double)sum / length) * _frame.RowHeight) / 2;
    }
}
