using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Edge;

/// <summary>Lists to test with.</summary>
internal static class Demands
{
    public static EdgeDemand Of(params int[][] lists) => EdgeDemand.Of([.. lists.Select(ImmutableArray.Create)]);

    /// <summary>The reference scenario: four lists of a thousand of ten thousand files.</summary>
    public static EdgeDemand Reference(ulong randomSeed) =>
        EdgeDemand.Of(EdgeDemand.Draw(randomSeed, files: 10_000, clients: 4, perClient: 1000));

    /// <summary>Few clients with short lists of few files.</summary>
    public static EdgeDemand Tiny(DeterministicRandom random)
    {
        int files = 2 + random.Next(8);
        int clients = 1 + random.Next(4);
        return EdgeDemand.Of(
        [
            .. Enumerable.Range(0, clients).Select(_ =>
                EdgeDemand.Draw(random.Next(), files, 1, random.Next(Math.Min(files, 6) + 1))[0]),
        ]);
    }
}
