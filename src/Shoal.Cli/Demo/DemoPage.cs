using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Cli.Simulate;

namespace Shoal.Cli.Demo;

/// <summary>The page at the end of a demo: what each job took, beside the least that it could take.</summary>
internal static class DemoPage
{
    /// <summary>What a job is called on the command line and on the page.</summary>
    public static string NameOf(DemoJob job) => job.ToString().ToLowerInvariant();

    /// <summary>The page, line by line.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<DemoResult> results) =>
    [
        .. TextColumns.Align([["job", "time", "beside", "ratio"], .. results.Select(CellsOf)])
            .Zip(["that is", .. results.Select(BoundOf)], (left, right) => $"{left}  {right}".TrimEnd()),
        "",
        .. results.SelectMany(result => result.Checks.Select(check => $"{NameOf(result.Job)}: {check}")),
        .. results.SelectMany(result => result.Problems.Select(problem => $"{NameOf(result.Job)}: WRONG: {problem}")),
    ];

    private static string[] CellsOf(DemoResult result) =>
    [
        NameOf(result.Job),
        result.Time is { } time ? new Duration(time).ToString() : "not done",
        result.Bound is { } bound ? new Duration(bound.Time).ToString() : "unknown",
        result.Ratio?.ToString(result.Ratio < 10 ? "0.000" : "0", CultureInfo.InvariantCulture) ?? "unknown",
    ];

    private static string BoundOf(DemoResult result) => result.Bound is { } bound
        ? $"{bound.Of}, {bound.Source switch
        {
            DemoBoundSource.Declared => "proven",
            DemoBoundSource.Measured => "measured",
            _ => "estimated, not proven",
        }}"
        : "";
}
