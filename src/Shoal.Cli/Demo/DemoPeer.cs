using System.Globalization;

namespace Shoal.Cli.Demo;

/// <summary>
/// How the peers of a demo and their files are called; peers count from 0 in the code and from 1 for people.
/// </summary>
internal static class DemoPeer
{
    /// <summary>A peer's name in the swarm.</summary>
    public static string NameOf(int peer) => string.Create(CultureInfo.InvariantCulture, $"peer{peer + 1}");

    /// <summary>The file that it owns.</summary>
    public static string FileOf(int peer) => $"{NameOf(peer)}.bin";
}
