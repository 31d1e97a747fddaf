using System.Globalization;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>The virtual clock in log lines.</summary>
internal static class ClockText
{
    /// <summary>Milliseconds; where no clock is kept, a dash.</summary>
    public static string Of(VirtualTime? clock) =>
        clock?.Milliseconds.ToString("0.######", CultureInfo.InvariantCulture) ?? "-";
}
