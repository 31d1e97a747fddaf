using Shoal.Hosts.User;

namespace Shoal.Cli.User;

/// <summary>What is said of a fetch that is over.</summary>
internal static class FetchText
{
    /// <summary>From whom it came, where it came in verified chunks; else nothing.</summary>
    public static IEnumerable<string> SourcesOf(FetchAnswer answer) => answer.Sources switch
    {
        null => [],
        [] => ["verified, all of it was here"],
        var sources => ["verified, from " + string.Join(", ", sources.Select(source => source.Key))],
    };
}
