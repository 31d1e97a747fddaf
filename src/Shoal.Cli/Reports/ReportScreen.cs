using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;
using Spectre.Console;

namespace Shoal.Cli.Reports;

/// <summary>Shows a report: tables where a person looks and has room for them, plain lines elsewhere.</summary>
internal static class ReportScreen
{
    // A name may go on in the next line of its cell.
    private const int FewestNameColumns = 12;

    /// <summary>Writes a report to the output of a command.</summary>
    public static void Show(CommandScreen screen, RunReport report)
    {
        if (screen.IsOutputTerminal)
        {
            ShowTables(screen, report);
            return;
        }

        foreach (string line in ReportLines.Of(report))
        {
            screen.Output.WriteLine(line);
        }
    }

    private static void ShowTables(CommandScreen screen, RunReport report)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.HasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen.Output),
        });
        console.Profile.Width = screen.Width;
        string[] heading = [.. ReportLines.Heading(report)];
        string color = report.Result == RunResult.Complete ? "green" : "red";
        console.MarkupLine($"[bold {color}]{Markup.Escape(heading[0])}[/]");
        WriteLines(console, heading.Skip(1));
        WriteTable(console, "peer", "", ReportLines.PeerColumns,
            [.. ReportLines.PeersOf(report).Select(peer => (peer.Name, ReportLines.CellsOf(peer)))]);
        WriteTable(console, "file", ", the last first", ReportLines.FileColumns,
            [.. ReportLines.SlowestFiles(report).Select(file => (file.Name, ReportLines.CellsOf(file)))]);
        WriteLines(console, ReportLines.Rest(report));
    }

    private static void WriteLines(IAnsiConsole console, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            console.WriteLine(line);
        }
    }

    private static void WriteTable(
        IAnsiConsole console, string kind, string order, IReadOnlyList<string> columns,
        IReadOnlyList<(string Name, string[] Cells)> rows)
    {
        if (!Fits(console.Profile.Width, columns, rows))
        {
            WriteLines(console, rows.Select(row => ReportLines.Row(kind, row.Name, columns, row.Cells)));
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumn(kind + order);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).Alignment(
                column == "from" ? Justify.Left : Justify.Right));
        }

        foreach ((string name, string[] cells) in rows)
        {
            table.AddRow([new Text(TextWidth.Clean(name)), .. cells.Select(cell => new Text(cell))]);
        }

        if (table.Rows.Count > 0)
        {
            console.Write(table);
        }
    }

    // A cell may go on in the next line between words, but a table of broken words is none.
    private static bool Fits(
        int width, IReadOnlyList<string> columns, IReadOnlyList<(string Name, string[] Cells)> rows)
    {
        int names = rows.Select(row => LongestWord(row.Name)).Append(0).Max();
        int cells = columns.Select(
            (column, i) => rows.Select(row => LongestWord(row.Cells[i])).Append(LongestWord(column)).Max()).Sum();
        int frame = 1 + (3 * (columns.Count + 1));
        return Math.Min(names, FewestNameColumns) + cells + frame <= width;
    }

    private static int LongestWord(string text) => text.Split(' ').Max(TextWidth.Of);
}
