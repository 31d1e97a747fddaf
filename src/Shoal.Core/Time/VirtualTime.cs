using System.Globalization;

namespace Shoal.Core.Time;

/// <summary>A point or a span of virtual time, in whole nanoseconds. Never mixed with wall time.</summary>
/// <param name="Nanoseconds">The number of nanoseconds since the start of the clock.</param>
public readonly record struct VirtualTime(long Nanoseconds) : IComparable<VirtualTime>
{
    /// <summary>The start of the clock.</summary>
    public static readonly VirtualTime Zero = new(0);

    /// <summary>Later than every event.</summary>
    public static readonly VirtualTime Never = new(long.MaxValue);

    /// <summary>The time in milliseconds.</summary>
    public double Milliseconds => Nanoseconds / 1e6;

    /// <summary>The time in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>The same reading for a machine, whose clock counts ticks of 100 ns.</summary>
    public TimeSpan ToTimeSpan() => new(Nanoseconds / 100);

    /// <summary>A number of seconds, rounded up to whole nanoseconds.</summary>
    public static VirtualTime FromSeconds(double seconds) => new((long)Math.Ceiling(seconds * 1e9));

    /// <inheritdoc/>
    public int CompareTo(VirtualTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Adds two times.</summary>
    public static VirtualTime operator +(VirtualTime a, VirtualTime b) => new(a.Nanoseconds + b.Nanoseconds);

    /// <summary>Subtracts two times.</summary>
    public static VirtualTime operator -(VirtualTime a, VirtualTime b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Compares two times.</summary>
    public static bool operator <(VirtualTime a, VirtualTime b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator >(VirtualTime a, VirtualTime b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator <=(VirtualTime a, VirtualTime b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Compares two times.</summary>
    public static bool operator >=(VirtualTime a, VirtualTime b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The time in milliseconds, for logs.</summary>
    public override string ToString() => Milliseconds.ToString("0.######", CultureInfo.InvariantCulture) + " ms";
}
