using System.Runtime.CompilerServices;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// The bets of the five agencies that there are; their files lie beside the repository and are no part of it.
/// </summary>
internal sealed class AgencyFiles
{
    /// <summary>How many agencies there are.</summary>
    public const int Agencies = 5;

    /// <summary>The bets of all together.</summary>
    public const int Bets = 78_697;

    private static readonly string[][] s_winners =
    [
        ["30876370", "24807259"],
        ["33791469", "31660107", "24813860"],
        ["22737492", "23328212", "28188111"],
        ["34963649", "35635602"],
        [],
    ];

    private readonly string _folder;

    private AgencyFiles(string folder) => _folder = folder;

    /// <summary>All agencies.</summary>
    public static IEnumerable<int> All => Enumerable.Range(1, Agencies);

    /// <summary>Finds the files; skips the test, out loud, where they are not.</summary>
    public static AgencyFiles Find([CallerFilePath] string here = "")
    {
        string folder = Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../../shared/data/agencies"));
        Assert.SkipUnless(
            Directory.Exists(folder), $"the agencies' files, agency-1.csv to agency-5.csv, are not in {folder}");
        return new AgencyFiles(folder);
    }

    /// <summary>An agency's file.</summary>
    public string PathOf(int agency) => Path.Join(_folder, $"agency-{agency}.csv");

    /// <summary>The rows of an agency's file.</summary>
    public string[] RowsOf(int agency) => File.ReadAllLines(PathOf(agency));

    /// <summary>The documents that win at 7574, in the order of the agency's file.</summary>
    public static string[] WinnersOf(int agency) => s_winners[agency - 1];

    /// <summary>
    /// Checks that an export has every bet once, and those of an agency in the order in which it sent them.
    /// </summary>
    public void CheckExport(string[] exported)
    {
        ILookup<string, string> stored = exported.ToLookup(row => row[..row.IndexOf(',', StringComparison.Ordinal)]);
        foreach (int agency in All)
        {
            Assert.Equal(RowsOf(agency).Select(row => $"{agency},{row}"), stored[$"{agency}"]);
        }

        Assert.Equal(Bets, exported.Length);
    }
}
