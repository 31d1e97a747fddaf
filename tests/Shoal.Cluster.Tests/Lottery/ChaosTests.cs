using System.Globalization;
using Shoal.Cluster.Tests.Bench;

namespace Shoal.Cluster.Tests.Lottery;

/// <summary>
/// Draws in which everything goes wrong, as many as <c>SHOAL_CHAOS_ROUNDS</c> says. A round is run again with
/// <c>SHOAL_CHAOS_SEED</c>, alone unless a number of rounds is named too.
/// </summary>
public sealed class ChaosTests
{
    private const ulong DefaultRounds = 20;

    [Fact]
    public async Task Every_bet_is_stored_once_in_one_draw_with_the_right_winners()
    {
        ulong? named = Number("SHOAL_CHAOS_SEED");
        ulong first = named ?? (ulong)Random.Shared.NextInt64(1_000_000_000);
        ulong rounds = Number("SHOAL_CHAOS_ROUNDS") ?? (named is null ? DefaultRounds : 1UL);
        TestContext.Current.TestOutputHelper?.WriteLine($"random seeds {first} to {first + rounds - 1}");
        for (ulong randomSeed = first; randomSeed < first + rounds; randomSeed++)
        {
            await RunAsync(randomSeed);
        }
    }

    [Theory]
    [InlineData(508656017)] // A restarted hub did not come up: another program had got its port.
    [InlineData(594821013)] // An agency over HTTP ended when its connection broke before its first use.
    [InlineData(20261126182)] // An agency that was killed before its line was carried on ended the line's end.
    public Task Rounds_that_failed_once_succeed(ulong randomSeed) => RunAsync(randomSeed);

    private static async Task RunAsync(ulong randomSeed)
    {
        using var scratch = new Scratch();
        await using var round = new ChaosRound(randomSeed, scratch);
        try
        {
            await round.RunAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"Random seed {randomSeed} failed; SHOAL_CHAOS_SEED={randomSeed} runs it alone: {e.Message}", e);
        }
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(
            Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out ulong number)
            ? number
            : null;
}
