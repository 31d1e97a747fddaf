namespace Shoal.Cli.Rendering;

/// <summary>Where everything of a chart lies, in pixels, and what it looks like.</summary>
internal sealed class GanttFrame
{
    public const int Width = 960;
    public const int Margin = 14;
    public const int Top = 66;
    public const int TitleColumns = 130;
    public const int LabelColumns = 24;

    private const int BusyWidth = 62;
    private const int BelowRows = 44;
    private const int FewRows = 8;

    // On average, for the digits and letters of most fonts at 12 pixels.
    private const double LetterWidth = 6.6;

    /// <summary>
    /// Blue, orange, green, purple, vermilion, sky: told apart by people with any kind of colour vision (Okabe and
    /// Ito, 2002), a little lighter in the dark.
    /// </summary>
    public const string Style = """
        <style>
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 13px; font-weight: 600 }
        .soft { fill: #6e7781 }
        .end { text-anchor: end }
        .middle { text-anchor: middle }
        .back { fill: #ffffff }
        .idle { fill: #e6e8eb }
        .grid { stroke: #b6bcc4; stroke-width: 1; fill: none }
        .k0 { fill: #0072b2 }
        .k1 { fill: #e69f00 }
        .k2 { fill: #009e73 }
        .k3 { fill: #b5659a }
        .k4 { fill: #d55e00 }
        .k5 { fill: #56b4e9 }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .soft { fill: #9198a1 }
        .back { fill: #0d1117 }
        .idle { fill: #2a313a }
        .grid { stroke: #4a525c }
        .k0 { fill: #2f95d8 }
        .k1 { fill: #f0b429 }
        .k2 { fill: #2bbd92 }
        .k3 { fill: #cc79a7 }
        .k4 { fill: #f07a2a }
        .k5 { fill: #8accf2 }
        }
        </style>

        """;

    private readonly double _pitch;

    /// <summary>Lays out a chart.</summary>
    /// <param name="rows">The rows that are drawn.</param>
    /// <param name="end">The end of the axis in nanoseconds; more than 0.</param>
    public GanttFrame(IEnumerable<string> rows, long end)
    {
        string[] names = [.. rows.Select(row => TextWidth.Cut(row, LabelColumns))];
        End = end;
        Left = Math.Round(names.Select(WidthOf).Append(40).Max() + Margin + 12);
        RowHeight = names.Length <= FewRows ? 40 : 20;
        _pitch = RowHeight + (names.Length <= FewRows ? 12 : 6);
        Bottom = Top + (names.Length * _pitch) - (_pitch - RowHeight);
    }

    /// <summary>The end of the axis, in nanoseconds.</summary>
    public long End { get; }

    public double Left { get; }

    public double RowHeight { get; }

    public double Bottom { get; }

    public double Height => Bottom + BelowRows;

    public double PlotWidth => Width - Margin - BusyWidth - Left;

    /// <summary>How wide a text is, about.</summary>
    public static double WidthOf(string text) => TextWidth.Of(text) * LetterWidth;

    /// <summary>The place of a time.</summary>
    public double X(double nanoseconds) => Left + (nanoseconds / End * PlotWidth);

    /// <summary>The upper edge of a row.</summary>
    public double Y(int row) => Top + (row * _pitch);
}
