using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Tests.Relay;

/// <summary>Stars to try.</summary>
internal static class Stars
{
    /// <summary>The costs of the reference scenario.</summary>
    public static readonly CostModel Reference = Costs("6:0.6,7:0.7,8:0.8,9:0.9");

    public static CostModel Costs(string text) =>
        CostModel.TryParse(text, out CostModel? costs, out string? reason)
            ? costs
            : throw new FormatException(reason);

    /// <summary>The reference scenario with so many chunks a file.</summary>
    public static StarShape Of(
        int chunks, StarMode mode = StarMode.Strict, FinishedCost finished = FinishedCost.Charged) => new()
        {
            Costs = Reference,
            Chunks = [chunks, chunks, chunks, chunks],
            Mode = mode,
            Finished = finished,
        };

    /// <summary>Costs within a factor of four.</summary>
    public static CostModel RandomCosts(DeterministicRandom random, int peers) => CostModel.Of(
    [
        .. Enumerable.Range(0, peers).Select(_ => new LinkCost(
            new VirtualTime(6_000_000 + random.Next(18_000_000)), new VirtualTime(600_000 + random.Next(1_800_000)))),
    ]);

    /// <summary>Any small star.</summary>
    public static StarShape Random(DeterministicRandom random)
    {
        int peers = 1 + random.Next(5);
        return new StarShape
        {
            Costs = RandomCosts(random, peers),
            Chunks = [.. Enumerable.Range(0, peers).Select(_ => random.Next(3) == 0 ? 0 : random.Next(30))],
            Mode = (StarMode)random.Next(2),
            Finished = (FinishedCost)random.Next(2),
        };
    }
}
