using System.Globalization;
using System.Xml.Linq;
using Shoal.Cli.Rendering;
using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Tests.Cli;

public sealed class GanttTests
{
    [Fact]
    public void Few_spans_are_drawn_each_for_itself()
    {
        var chart = new GanttChart("Two links & one <chunk>", ["peer 1", "peer 2"], ["upload", "download", "message"]);
        Add(chart, 1, 0, 3, 10);
        Add(chart, 0, 1, 10, 16);
        Add(chart, 0, 2, 0, 1);
        Add(chart, 0, 2, 16, 17);
        Add(chart, 1, 2, 1, 3);
        GoldenFile.Check("gantt.svg", Draw(chart, 17));
    }

    [Fact]
    public void Of_many_spans_a_row_shows_their_shares()
    {
        // Columns are powers of two long, in nanoseconds: here as long as one turn of four units.
        static VirtualTime At(long units) => new(units << 20);
        var chart = new GanttChart("Many", ["peer 1"], ["upload", "download"]);
        for (int i = 0; i < 1000; i++)
        {
            chart.Add(0, 0, At(4 * i), At((4 * i) + 1));
            chart.Add(0, 1, At((4 * i) + 2), At((4 * i) + 4));
        }

        // A quarter uploads, and both together three quarters, of 40 pixels: thirty and ten above the ground at 106.
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        chart.Write(writer, At(4000));
        Assert.Equal(["M66 106H66V76H884V106z", "M66 106H66V96H884V106z"], PathsOf(writer.ToString()));
    }

    [Fact]
    public void A_picture_has_a_limit_however_much_it_shows()
    {
        var random = new DeterministicRandom(1);
        string[] rows = [.. Enumerable.Range(1, 1000).Select(i => $"peer {i}")];
        var chart = new GanttChart("Very much", rows, ["upload", "download", "message"]);
        for (int row = 0; row < rows.Length; row++)
        {
            long now = 0;
            for (int i = 0; i < 2000; i++)
            {
                long end = now + 1 + random.Next(10);
                Add(chart, row, random.Next(3), now, end);
                now = end + random.Next(3);
            }
        }

        string picture = Draw(chart, 30_000);
        Assert.InRange(picture.Length, 1, 5_000_000);
        Assert.Equal(3 * GanttChart.MostRows, PathsOf(picture).Count());
        Assert.Contains("and 936 more, not drawn", picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_spans_of_a_kind_count_once_and_an_empty_chart_is_one()
    {
        var chart = new GanttChart("Overlap", ["edge 1"], ["fill"]);
        Assert.Contains("0.0 %", Draw(chart, 0), StringComparison.Ordinal);
        Add(chart, 0, 0, 0, 6);
        Add(chart, 0, 0, 1, 3);
        Add(chart, 0, 0, 5, 7);
        string picture = Draw(chart, 10);
        Assert.Contains("70.0 %", picture, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_hold_what_was_added_whatever_its_length()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new DeterministicRandom(seed);
            var columns = new GanttColumns(2, 2);
            var spans = new List<(int Kind, long Start, long End)>();
            long now = 0;
            for (int i = 0; i < 300; i++)
            {
                long start = now + random.Next(1 << random.Next(20));
                now = start + random.Next(1 << random.Next(20));
                spans.Add((random.Next(2), start, now));
                columns.Add(1, spans[^1].Kind, start, now);
            }

            Assert.InRange(now, columns.Length * GanttColumns.Most / 2, columns.Length * GanttColumns.Most);
            for (int column = 0; column < GanttColumns.Most; column++)
            {
                long from = column * columns.Length;
                long to = from + columns.Length;
                for (int kind = 0; kind < 2; kind++)
                {
                    long sum = spans.Where(span => span.Kind == kind)
                        .Sum(span => Math.Max(0, Math.Min(span.End, to) - Math.Max(span.Start, from)));
                    Assert.True(columns[1, kind, column] == sum, $"random seed {seed}, column {column}");
                }
            }

            Assert.False(columns.Has(0, 0) || columns.Has(0, 1));
        }
    }

    [Theory]
    [InlineData(0, "ns", "0")]
    [InlineData(17_000_000, "ms", "0 5 10 15")]
    [InlineData(5_061_600_000, "ms", "0 1000 2000 3000 4000 5000")]
    [InlineData(197_632_400_000, "s", "0 50 100 150")]
    [InlineData(600_000_000_000, "min", "0 2 4 6 8 10")]
    [InlineData(2_258_300_000_000, "min", "0 5 10 15 20 25 30 35")]
    public void The_axis_has_few_and_round_numbers(long nanoseconds, string unit, string numbers)
    {
        var axis = new GanttAxis(new VirtualTime(nanoseconds));
        Assert.Equal(unit, axis.Unit);
        Assert.Equal(numbers.Split(' '), axis.Marks.Select(mark => mark.Number));
    }

    private static void Add(GanttChart chart, int row, int kind, long start, long end) =>
        chart.Add(row, kind, Ms(start), Ms(end));

    private static string Draw(GanttChart chart, long end)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        chart.Write(writer, Ms(end));
        return writer.ToString();
    }

    private static IEnumerable<string> PathsOf(string picture) => XDocument.Parse(picture).Root!.Elements()
        .Where(element => element.Name.LocalName == "path" && (string?)element.Attribute("class") != "grid")
        .Select(element => (string)element.Attribute("d")!);

    private static VirtualTime Ms(long milliseconds) => new(milliseconds * 1_000_000);
}
