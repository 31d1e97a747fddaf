using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>An exchange to simulate: who has which links, who holds what, what goes wrong when.</summary>
public sealed record ExchangeScenario
{
    /// <summary>The peers, in the order of joining.</summary>
    public required ImmutableArray<ScenarioPeer> Peers { get; init; }

    /// <summary>The contents.</summary>
    public required ImmutableArray<ScenarioContent> Contents { get; init; }

    /// <summary>The sites that peers name by index; none by default.</summary>
    public ImmutableArray<SiteLink> Sites { get; init; } = [];

    /// <summary>
    /// The hub's link; null by default: its link limits nothing, and no chunk passes it. With a link it relays between
    /// those who cannot meet.
    /// </summary>
    public PeerLink? Hub { get; init; }

    /// <summary>Whether everything passes the hub; false by default.</summary>
    public bool IsRelayOnly { get; init; }

    /// <summary>
    /// Whether the hub lends its uplink to those who can meet, too; false by default.
    /// </summary>
    public bool IsHubLending { get; init; }

    /// <summary>Pairs of peers that cannot open a connection with each other; none by default.</summary>
    public ImmutableArray<PeerPair> Walls { get; init; } = [];

    /// <summary>
    /// Time from one end of any connection to the other, beside what its bytes take; 1 ms by default.
    /// </summary>
    public VirtualTime Latency { get; init; } = new(1_000_000);

    /// <summary>
    /// How many times as much of a full link one connection may get as another, by random, as TCP connections do that
    /// have lost more or come from farther; at least 1, which is the default: all get the same.
    /// </summary>
    public double Unevenness { get; init; } = 1;

    /// <summary>How peers choose; by plan by default.</summary>
    public PickPolicy Policy { get; init; } = PickPolicy.Planned;

    /// <summary>Whether peers tell the hub their links; true by default. Else it must find them out.</summary>
    public bool IsCapacityDeclared { get; init; } = true;

    /// <summary>
    /// Whether peers stay and serve until everybody has everything, as with <c>--stay</c>; false by default. Who joins
    /// when all others may have left needs this.
    /// </summary>
    public bool Stay { get; init; }

    /// <summary>The seed of ids, digests, corruption and of the peers' own choices.</summary>
    public ulong RandomSeed { get; init; } = 1;

    /// <summary>What goes wrong; nothing by default.</summary>
    public ImmutableArray<ScenarioFault> Faults { get; init; } = [];

    /// <summary>A run that has not ended by then has failed; one day by default.</summary>
    public VirtualTime Deadline { get; init; } = VirtualTime.FromSeconds(86_400);

    /// <summary>What the lower bound is computed from.</summary>
    public SwarmShape Shape => new()
    {
        Peers = [.. Peers.Select(peer => peer.Link)],
        Sites = Sites,
        Hub = Hub,
        IsRelayOnly = IsRelayOnly,
        Holdings =
        [
            .. Contents.Where(content => content.Length > 0)
                .Select(content => new HeldBytes(content.Holders, content.Length)),
        ],
    };

    /// <summary>The least makespan that the links allow.</summary>
    public BoundResult Bound => MakespanBound.Of(Shape, HandedOn());

    /// <summary>Runs the scenario; the same one always gives the same run.</summary>
    /// <param name="progress">Told now and then how far the run is.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="BrokenRuleException">A checker found that the machines broke a rule.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public ExchangeRun Run(Action<ExchangeProgress>? progress = null, CancellationToken cancellation = default) =>
        new ExchangeWorld(this) { Progress = progress }.Run(cancellation);

    /// <summary>Every source owns one content of a size.</summary>
    /// <param name="peers">How many peers.</param>
    /// <param name="sources">How many of them, the first ones, own a content.</param>
    /// <param name="bytes">The length of each content.</param>
    /// <param name="chunkSize">The size of its chunks.</param>
    /// <param name="link">The links of all peers.</param>
    public static ExchangeScenario Uniform(int peers, int sources, long bytes, int chunkSize, PeerLink link) => new()
    {
        Peers = [.. Enumerable.Repeat(new ScenarioPeer(link), peers)],
        Contents = [.. Enumerable.Range(0, sources).Select(i => new ScenarioContent(bytes, chunkSize, [i]))],
    };

    /// <summary>
    /// The whole chunks of the only content; null if there are several, which need not be handed on whole.
    /// </summary>
    private EqualChunks? HandedOn() =>
        Hub is null && Contents is [var only] && only.Length >= only.ChunkSize
            ? new EqualChunks((int)(only.Length / only.ChunkSize), only.ChunkSize)
            : null;
}

/// <summary>Two peers of a scenario, by index.</summary>
/// <param name="One">The one.</param>
/// <param name="Other">The other.</param>
public readonly record struct PeerPair(int One, int Other);

/// <summary>A peer of a scenario.</summary>
/// <param name="Link">Its links.</param>
/// <param name="JoinsAt">
/// When it joins, since the start of the world. Those that join at once wait for each other.
/// </param>
public readonly record struct ScenarioPeer(PeerLink Link, VirtualTime JoinsAt = default);

/// <summary>A content of a scenario.</summary>
/// <param name="Length">How many bytes.</param>
/// <param name="ChunkSize">The size of its chunks, in bytes.</param>
/// <param name="Holders">The indices of the peers that hold all of it at the start, ascending.</param>
public readonly record struct ScenarioContent(long Length, int ChunkSize, ImmutableArray<int> Holders);

/// <summary>Something that goes wrong in a scenario.</summary>
/// <param name="At">When, since the start of the world.</param>
public abstract record ScenarioFault(VirtualTime At)
{
    /// <summary>A peer's process is killed: all its connections break.</summary>
    /// <param name="At">When.</param>
    /// <param name="Peer">Whose.</param>
    /// <param name="BackAfter">When it starts again, with the chunks that it had; null: never.</param>
    public sealed record Vanish(VirtualTime At, int Peer, VirtualTime? BackAfter) : ScenarioFault(At);

    /// <summary>A peer's process stands still for a while, its connections with it.</summary>
    /// <param name="At">When.</param>
    /// <param name="Peer">Whose.</param>
    /// <param name="For">For how long.</param>
    public sealed record Stall(VirtualTime At, int Peer, VirtualTime For) : ScenarioFault(At);

    /// <summary>Two peers' connection breaks, and they cannot open another for a while.</summary>
    /// <param name="At">When.</param>
    /// <param name="Pair">Whose.</param>
    /// <param name="For">For how long.</param>
    public sealed record Cut(VirtualTime At, PeerPair Pair, VirtualTime For) : ScenarioFault(At);

    /// <summary>A peer no longer answers requests from the relay, though it goes on in every other way.</summary>
    /// <param name="At">When.</param>
    /// <param name="Peer">Who.</param>
    public sealed record Withhold(VirtualTime At, int Peer) : ScenarioFault(At);

    /// <summary>A peer's links have other capacities from now on; it does not know.</summary>
    /// <param name="At">When.</param>
    /// <param name="Peer">Whose.</param>
    /// <param name="Up">Upload, bytes per second.</param>
    /// <param name="Down">Download, bytes per second; does not count for half duplex.</param>
    public sealed record ChangeLink(VirtualTime At, int Peer, double Up, double Down) : ScenarioFault(At);

    /// <summary>A peer's chunks arrive damaged from now on.</summary>
    /// <param name="At">When.</param>
    /// <param name="Peer">Who sends them.</param>
    /// <param name="Chance">How many of them, from 0 to 1.</param>
    public sealed record Corrupt(VirtualTime At, int Peer, double Chance) : ScenarioFault(At);

    /// <summary>The hub's process is killed and started again, knowing nothing.</summary>
    /// <param name="At">When.</param>
    /// <param name="BackAfter">When it is there again.</param>
    public sealed record RestartHub(VirtualTime At, VirtualTime BackAfter) : ScenarioFault(At);
}
