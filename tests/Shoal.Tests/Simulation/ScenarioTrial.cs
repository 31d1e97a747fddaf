using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>Runs scenarios so that a test that is stopped stops them too.</summary>
internal static class ScenarioTrial
{
    public static ExchangeRun Simulate(this ExchangeScenario scenario, Action<SentChunk>? sent = null) =>
        new ExchangeWorld(scenario) { Sent = sent }.Run(TestContext.Current.CancellationToken);
}
