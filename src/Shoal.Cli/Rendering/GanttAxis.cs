using System.Globalization;
using Shoal.Core.Time;

namespace Shoal.Cli.Rendering;

/// <summary>The axis of time below a chart: round steps, few enough to be read.</summary>
internal sealed class GanttAxis
{
    private const int MostSteps = 8;

    private static readonly (string Name, double Nanoseconds)[] s_units =
        [("h", 3.6e12), ("min", 6e10), ("s", 1e9), ("ms", 1e6), ("µs", 1e3)];

    /// <summary>Creates the axis from zero to an end.</summary>
    public GanttAxis(VirtualTime end)
    {
        // Numbers of two digits at least, or the steps would need many decimals.
        (Unit, double scale) = s_units.FirstOrDefault(unit => end.Nanoseconds >= 10 * unit.Nanoseconds, ("ns", 1));
        double step = RoundStep(end.Nanoseconds / scale / MostSteps) * scale;
        var marks = new List<(double, string)>();
        for (int i = 0; i * step <= end.Nanoseconds; i++)
        {
            marks.Add((i * step, (i * step / scale).ToString("0.######", CultureInfo.InvariantCulture)));
        }

        Marks = marks;
    }

    /// <summary>What the numbers count.</summary>
    public string Unit { get; }

    /// <summary>The marks, in nanoseconds, with their numbers.</summary>
    public IReadOnlyList<(double At, string Number)> Marks { get; }

    /// <summary>The least of 1, 2, 5, 10, 20, ... that is not below.</summary>
    private static double RoundStep(double least)
    {
        double power = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, least)))));
        return (least / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
