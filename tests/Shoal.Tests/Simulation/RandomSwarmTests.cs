using Shoal.Core.Exchange;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>
/// Random swarms, some with faults. The world itself checks that nobody sends, announces or asks for what is not there
/// and that nobody ends without a chunk that another has.
/// </summary>
public sealed class RandomSwarmTests
{
    /// <summary>More of them with SHOAL_SWARMS=NUMBER; the first is then SHOAL_RANDOM_SEED.</summary>
    private static readonly int s_swarms = int.Parse(Environment.GetEnvironmentVariable("SHOAL_SWARMS") ?? "60");

    private static readonly ulong s_first = ulong.Parse(Environment.GetEnvironmentVariable("SHOAL_RANDOM_SEED") ?? "1");

    [Fact]
    public void Everybody_finishes_and_never_below_the_bound()
    {
        for (int i = 0; i < s_swarms; i++)
        {
            Check(RandomScenario.Calm(s_first + (ulong)i));
        }
    }

    [Fact]
    public void Everybody_finishes_when_faults_have_stopped()
    {
        for (int i = 0; i < s_swarms; i++)
        {
            Check(RandomScenario.Troubled(s_first + (ulong)i));
        }
    }

    /// <summary>Random seeds that once found a fault.</summary>
    [Theory]
    [InlineData(131)] // A restarted hub ended the run when the first member was back.
    [InlineData(168)] // The same, with stalls.
    [InlineData(180)] // A peer that sent damaged chunks was shut out, and all others waited for it for ever.
    [InlineData(285)] // A newcomer that reached a restarted hub first was never told to start.
    [InlineData(432)] // A peer that woke up closed the new connection that took the place of the one it knew.
    [InlineData(1953)] // A peer came back when the other was away, had everything, and left with it.
    public void What_went_wrong_once_does_not_again(ulong randomSeed) => Check(RandomScenario.Troubled(randomSeed));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(22)]
    [InlineData(38)]
    public void The_same_random_seed_gives_the_same_trace_whatever_goes_wrong(ulong randomSeed)
    {
        ExchangeRun first = RandomScenario.Troubled(randomSeed).Simulate();
        ExchangeRun second = RandomScenario.Troubled(randomSeed).Simulate();

        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.Makespan, second.Makespan);
        Assert.Equal(first.Events, second.Events);
    }

    private static void Check(ExchangeScenario scenario)
    {
        string which = $"random seed {scenario.RandomSeed}, {scenario.Policy}, "
            + $"faults: {string.Join("; ", scenario.Faults)}";
        ExchangeRun run;
        try
        {
            run = scenario.Simulate();
        }
        catch (BrokenRuleException e)
        {
            throw new InvalidOperationException($"{which}: {e.Message}", e);
        }

        for (int i = 0; i < run.Peers.Length; i++)
        {
            Assert.True(run.Peers[i].IsComplete, $"{which}: peer {i + 1} is not complete");
            Assert.True(
                run.Peers[i].Outcome is SwarmOutcome.Complete or SwarmOutcome.Stopped { MissingBytes: 0 },
                $"{which}: peer {i + 1} ended with {run.Peers[i].Outcome}");
        }

        // Rounding of rates is the only slack.
        Assert.True(
            run.Makespan.Seconds >= run.Bound.Seconds * (1 - 1e-9),
            $"{which}: {run.Makespan} is less than the bound of {run.Bound.Seconds} s");
    }
}
