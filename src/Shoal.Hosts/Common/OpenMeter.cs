using System.Diagnostics.Metrics;

namespace Shoal.Hosts.Common;

/// <summary>Opens the meter of a feature.</summary>
internal static class OpenMeter
{
    /// <summary>Makes a meter: by a factory, which owns it then, or, without one, for the caller alone.</summary>
    public static Meter Of(IMeterFactory? factory, string name) => factory?.Create(name) ?? new Meter(name);
}
