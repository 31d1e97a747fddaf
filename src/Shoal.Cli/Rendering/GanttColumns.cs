namespace Shoal.Cli.Rendering;

/// <summary>
/// How long each kind of thing went on, in columns of equal length. Whoever adds need not know how long it will last
/// in all: when the columns are full, two at a time become one.
/// </summary>
/// <param name="rows">How many rows.</param>
/// <param name="kinds">How many kinds.</param>
internal sealed class GanttColumns(int rows, int kinds)
{
    /// <summary>So many columns there are at most, and half as many at least once something long was added.</summary>
    public const int Most = 1024;

    private readonly long[] _sums = new long[rows * kinds * Most];

    /// <summary>How long a column is, in nanoseconds.</summary>
    public long Length { get; private set; } = 1;

    /// <summary>How long something of a kind went on within a column of a row, in nanoseconds.</summary>
    public long this[int row, int kind, int column] => _sums[FirstOf(row, kind) + column];

    /// <summary>Whether a row has anything of a kind.</summary>
    public bool Has(int row, int kind) => _sums.AsSpan(FirstOf(row, kind), Most).ContainsAnyExcept(0);

    /// <summary>Adds a span, in nanoseconds from zero on.</summary>
    public void Add(int row, int kind, long start, long end)
    {
        while (end > Length * Most)
        {
            Fold();
        }

        int first = FirstOf(row, kind);
        while (start < end)
        {
            long column = start / Length;
            long stop = Math.Min(end, (column + 1) * Length);
            _sums[first + column] += stop - start;
            start = stop;
        }
    }

    private int FirstOf(int row, int kind) => ((row * kinds) + kind) * Most;

    private void Fold()
    {
        Length = checked(Length * 2);
        for (int first = 0; first < _sums.Length; first += Most)
        {
            Span<long> sums = _sums.AsSpan(first, Most);
            for (int i = 0; i < Most / 2; i++)
            {
                sums[i] = sums[2 * i] + sums[(2 * i) + 1];
            }

            sums[(Most / 2)..].Clear();
        }
    }
}
