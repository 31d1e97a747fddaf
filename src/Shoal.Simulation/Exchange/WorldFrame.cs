using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>What all parts of a simulated world share: time, what will happen, and the checker's books.</summary>
internal sealed class WorldFrame
{
    /// <summary>How often a machine is told that time has passed.</summary>
    public static readonly VirtualTime TickPeriod = VirtualTime.FromSeconds(0.25);

    /// <summary>How long a shell waits before it dials again.</summary>
    public static readonly VirtualTime RedialDelay = VirtualTime.FromSeconds(0.5);

    public WorldFrame(ExchangeScenario scenario)
    {
        Scenario = scenario;
        Random = new DeterministicRandom(scenario.RandomSeed);
        Contents = new SimulatedContents(scenario.Contents, Random);
        Ledger = new ChunkLedger(Contents, scenario.Peers.Length);
    }

    public ExchangeScenario Scenario { get; }

    public DeterministicRandom Random { get; }

    public SimulatedContents Contents { get; }

    public ChunkLedger Ledger { get; }

    public VirtualClock Clock { get; } = new();

    public EventQueue<WorldEvent> Queue { get; } = new();

    public VirtualTime Now => Clock.Now;

    /// <summary>The time from one end of a connection to the other and back.</summary>
    public VirtualTime RoundTrip => Scenario.Latency + Scenario.Latency;

    public void Later(VirtualTime delay, in WorldEvent @event) => Queue.Add(Clock.Now + delay, @event);

    /// <summary>Lets something happen at the other end of a connection.</summary>
    public void Across(in WorldEvent @event) => Later(Scenario.Latency, @event);
}
