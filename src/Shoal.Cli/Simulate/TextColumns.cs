using System.Text;

namespace Shoal.Cli.Simulate;

/// <summary>Rows of text in columns: the first from the left, all others from the right.</summary>
internal static class TextColumns
{
    private const int Gap = 2;

    /// <summary>The rows as lines; all rows have as many cells.</summary>
    public static IEnumerable<string> Align(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length))];
        foreach (IReadOnlyList<string> row in rows)
        {
            var line = new StringBuilder(row[0].PadRight(widths[0]));
            for (int column = 1; column < row.Count; column++)
            {
                line.Append(' ', Gap).Append(row[column].PadLeft(widths[column]));
            }

            yield return line.ToString().TrimEnd();
        }
    }
}
