namespace Shoal.Core.Edge;

/// <summary>
/// The best values of a slab of rows while the grid of a <see cref="CutBound"/> is swept: for every cell the least
/// over all paths to it of the most that crosses. Of each row only a range is reachable below the limit.
/// </summary>
internal sealed class CutRows(int rows, int width)
{
    private const int Unreachable = int.MaxValue;

    private readonly int[] _values = new int[rows * width];
    private readonly int[] _from = new int[rows];
    private readonly int[] _end = new int[rows];

    /// <summary>The value of the last cell of all.</summary>
    public int LastValue => _values[^1];

    /// <summary>Turns to a row, which holds the values of the row before it in the first dimension, if any.</summary>
    public void Enter(int row, bool isFirst)
    {
        if (isFirst || _from[row] >= _end[row])
        {
            _from[row] = _end[row] = 0;
        }
    }

    public bool IsReachable(int row) => _from[row] < _end[row];

    /// <summary>The path begins here.</summary>
    public void Begin(int row)
    {
        (_from[row], _end[row]) = (0, 1);
        _values[row * width] = 0;
    }

    /// <summary>What was reached in one row is reached in the next.</summary>
    public void Merge(int row, int other)
    {
        if (!IsReachable(other))
        {
            return;
        }

        int from = IsReachable(row) ? Math.Min(_from[row], _from[other]) : _from[other];
        Span<int> own = Extend(row, from, Math.Max(_end[row], _end[other]));
        ReadOnlySpan<int> before = _values.AsSpan(other * width, width);
        for (int i = _from[other]; i < _end[other]; i++)
        {
            own[i] = Math.Min(own[i], before[i]);
        }
    }

    /// <summary>Goes along the row, and adds what crosses there.</summary>
    public void Leave(int row, int limit, in CutTables tables)
    {
        Span<int> own = _values.AsSpan(row * width, width);
        int from = _from[row];
        int known = _end[row];
        int left = Unreachable;
        int first = width;
        int end = 0;
        int steps = tables.StepsBefore(from);
        for (int i = from; i < width && (i < known || left <= limit); i++)
        {
            left = Math.Max(i < known ? Math.Min(left, own[i]) : left, tables.CrossingAt(i, ref steps));
            left = left <= limit ? left : Unreachable;
            own[i] = left;
            if (left <= limit)
            {
                first = Math.Min(first, i);
                end = i + 1;
            }
        }

        (_from[row], _end[row]) = (Math.Min(first, end), end);
    }

    private Span<int> Extend(int row, int from, int end)
    {
        Span<int> own = _values.AsSpan(row * width, width);
        if (!IsReachable(row))
        {
            own[from..end].Fill(Unreachable);
        }
        else
        {
            own[from.._from[row]].Fill(Unreachable);
            own[_end[row]..end].Fill(Unreachable);
        }

        (_from[row], _end[row]) = (from, end);
        return own;
    }
}

/// <summary>What crosses along a row.</summary>
internal readonly ref struct CutTables(
    int all, ReadOnlySpan<int> steps, ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> third)
{
    private readonly ReadOnlySpan<int> _steps = steps;
    private readonly ReadOnlySpan<int> _first = first;
    private readonly ReadOnlySpan<int> _second = second;
    private readonly ReadOnlySpan<int> _third = third;

    /// <summary>What crosses at a cell between more than two, or between none of the last client's.</summary>
    public int StepsBefore(int cell)
    {
        int sum = all;
        for (int i = 0; i < cell; i++)
        {
            sum += _steps[i];
        }

        return sum;
    }

    public int CrossingAt(int cell, ref int steps)
    {
        steps += _steps[cell];
        int crossing = steps + _first[cell];
        crossing += _second.IsEmpty ? 0 : _second[cell];
        return crossing + (_third.IsEmpty ? 0 : _third[cell]);
    }
}
