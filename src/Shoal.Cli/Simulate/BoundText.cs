using System.Globalization;
using Shoal.Core.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>Bounds and times of the model, for people.</summary>
internal static class BoundText
{
    // Less than this is shown as nothing.
    private const double Shown = 0.0005;

    /// <summary>A time of the model: to the millisecond, because it is exact.</summary>
    public static string Seconds(double seconds) => double.IsFinite(seconds)
        ? seconds.ToString("0.000", CultureInfo.InvariantCulture) + " s"
        : "never";

    /// <summary>What a constraint is; sites by the names that they were given.</summary>
    public static string Constraint(BoundTerm term, IReadOnlyList<string> sites) => term.Kind switch
    {
        BoundKind.SiteUpload => $"uplink of site {sites[term.Index]}",
        BoundKind.SiteDownload => $"downlink of site {sites[term.Index]}",
        _ => term.Describe(),
    };

    /// <summary>The bound with what it comes from and what could be gained there.</summary>
    public static IEnumerable<string> Lines(BoundResult bound, IReadOnlyList<string> sites)
    {
        yield return $"lower bound  {Seconds(bound.Seconds)}";
        if (bound.Binding is { } binding)
        {
            double saving = bound.Seconds - bound.SecondsWithoutBinding;
            yield return $"binding      {Constraint(binding, sites)}" + (saving < Shown
                ? $", and others as much: without that limit alone still {Seconds(bound.Seconds)}"
                : $"; without that limit {Seconds(bound.SecondsWithoutBinding)}, which saves {Seconds(saving)}");
        }
        else
        {
            yield return "binding      nothing: no link limits this, or there is nothing to move";
        }
    }
}
