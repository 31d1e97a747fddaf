using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Cli.Simulate;

/// <summary>The options that describe an exchange: the same for its simulation and for its bound.</summary>
internal sealed class ScenarioOptions
{
    private const int MostPeers = SwarmTracker.MostMembers;

    private static readonly ImmutableArray<PickPolicy> s_policies =
        [PickPolicy.Planned, PickPolicy.Rarest, PickPolicy.Direct];

    private readonly Option<int> _peers = TypedOption.WithDefault(
        "--peers", "N", "How many peers", WholeNumber.From(1, MostPeers), "4");

    private readonly Option<int?> _sources = TypedOption.Optional<int>(
        "--sources", "K", "How many of them, the first ones, own a file; without it, all",
        WholeNumber.From(1, MostPeers));

    private readonly Option<ByteSize> _size = TypedOption.WithDefault<ByteSize>(
        "--size", "SIZE", "How many bytes each of these owns", ByteSize.TryParse, "500MB");

    private readonly Option<BitRate> _up = TypedOption.WithDefault<BitRate>(
        "--up", "RATE", "Each peer's upload", BitRate.TryParse, "100Mbit");

    private readonly Option<BitRate> _down = TypedOption.WithDefault<BitRate>(
        "--down", "RATE", "Each peer's download", BitRate.TryParse, "100Mbit");

    private readonly Option<string> _duplex = TypedOption.Choice(
        "--duplex", "Whether a peer sends and receives at once (full), or both share its --up (half)", "full", "half");

    private readonly Option<BitRate?> _hubUp = TypedOption.Optional<BitRate>(
        "--hub-up", "RATE", "The hub's upload, which it lends", BitRate.TryParse);

    private readonly Option<BitRate?> _hubDown = TypedOption.Optional<BitRate>(
        "--hub-down", "RATE", "The hub's download; without it, the same as --hub-up", BitRate.TryParse);

    private readonly Option<bool> _relay = CommonOptions.Flag("--relay", "Everything passes the hub");

    private readonly Option<Duration> _latency = TypedOption.WithDefault<Duration>(
        "--latency", "TIME", "From one end of a connection to the other", Duration.TryParse, "1ms");

    private readonly Option<double> _uneven = TypedOption.WithDefault<double>(
        "--uneven", "FACTOR", "How many times as much of a link one connection may get as another, by random",
        Factor.UpTo(100), "1");

    private readonly Option<ChunkSize?> _chunk = TypedOption.Optional<ChunkSize>(
        "--chunk", "SIZE", "The size of chunks; without it, by the size of the file", ChunkSize.TryParse);

    private readonly Option<PeerOverride[]> _peer = TypedOption.Repeated<PeerOverride>(
        "--peer", "K:KEY=VALUE,...", "What is different with peer K, or peers K-L, from 1: size=, up=, down=, site=",
        PeerOverride.TryParse);

    private readonly Option<SiteDefinition[]> _site = TypedOption.Repeated<SiteDefinition>(
        "--site", "NAME:up=,down=", "A site whose peers share a link to the peers outside it", SiteDefinition.TryParse);

    private readonly Option<ulong> _randomSeed = CommonOptions.RandomSeed("1");

    private readonly Option<string> _policy = TypedOption.Choice(
        "--policy", "How peers choose from whom to ask for what", "planned", "rarest", "direct", "all");

    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _peers, _sources, _size, _up, _down, _duplex, _hubUp, _hubDown, _relay, _latency, _uneven, _chunk, _peer,
        _site, _randomSeed, _policy, _json,
    ];

    /// <summary>What the command line describes.</summary>
    /// <exception cref="UsageException">The parts do not fit together.</exception>
    public ScenarioArguments Bind(ParseResult result)
    {
        Check(result);
        ImmutableArray<SiteDefinition> sites = [.. result.GetValue(_site)!];
        ImmutableArray<PickPolicy> policies = result.GetValue(_policy) == "all"
            ? s_policies
            : [Enum.Parse<PickPolicy>(result.GetValue(_policy)!, ignoreCase: true)];
        ExchangeScenario scenario = Describe(result, sites) with
        {
            Sites = [.. sites.Select(site => new SiteLink(site.Up.BytesPerSecond, site.Down.BytesPerSecond))],
            Latency = new VirtualTime(result.GetValue(_latency).Value.Ticks * 100),
            Unevenness = result.GetValue(_uneven),
            Policy = policies[0],
            RandomSeed = result.GetValue(_randomSeed),
            Hub = HubOf(result),
            IsRelayOnly = result.GetValue(_relay),
            IsHubLending = !result.GetValue(_relay),
        };
        return new ScenarioArguments
        {
            Scenario = scenario,
            Policies = policies,
            SiteNames = [.. sites.Select(site => site.Name)],
            AsJson = result.GetValue(_json),
            Title = TitleOf(result, scenario),
            Replay = ReplayLine.Of(result, _randomSeed),
        };
    }

    private void Check(ParseResult result)
    {
        int peers = result.GetValue(_peers);
        if (result.GetValue(_sources) > peers)
        {
            throw new UsageException($"--sources: there are only {peers} peers; give more --peers.");
        }

        if (result.GetValue(_hubUp) is null && (result.GetValue(_relay) || result.GetValue(_hubDown) is not null))
        {
            throw new UsageException("--hub-up: say how fast the hub sends, for example --hub-up 1Gbit.");
        }

        string[] sites = [.. result.GetValue(_site)!.Select(site => site.Name)];
        if (sites.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"--site: {twice.Key} is given twice.");
        }

        foreach (PeerOverride different in result.GetValue(_peer)!)
        {
            if (different.Last > peers)
            {
                throw new UsageException($"--peer: there is no peer {different.Last}; there are {peers}.");
            }

            if (different.Site is { } site && !sites.Contains(site))
            {
                throw new UsageException($"--peer: there is no site {site}; add --site {site}:up=RATE,down=RATE.");
            }
        }
    }

    private ExchangeScenario Describe(ParseResult result, ImmutableArray<SiteDefinition> sites)
    {
        int count = result.GetValue(_peers);
        int sources = result.GetValue(_sources) ?? count;
        var peers = new ScenarioPeer[count];
        var sizes = new long[count];
        var link = new PeerLink(
            result.GetValue(_up).BytesPerSecond, result.GetValue(_down).BytesPerSecond,
            result.GetValue(_duplex) == "half");
        Array.Fill(peers, new ScenarioPeer(link));
        sizes.AsSpan(0, sources).Fill(result.GetValue(_size).Bytes);
        foreach (PeerOverride different in result.GetValue(_peer)!)
        {
            for (int i = different.First - 1; i < different.Last; i++)
            {
                PeerLink before = peers[i].Link;
                peers[i] = new ScenarioPeer(before with
                {
                    Up = different.Up?.BytesPerSecond ?? before.Up,
                    Down = different.Down?.BytesPerSecond ?? before.Down,
                    Site = different.Site is { } name ? IndexOf(sites, name) : before.Site,
                });
                sizes[i] = different.Size ?? sizes[i];
            }
        }

        return new ExchangeScenario
        {
            Peers = [.. peers],
            Contents =
            [
                .. Enumerable.Range(0, count).Where(i => sizes[i] > 0)
                    .Select(i => new ScenarioContent(sizes[i], ChunkSizeFor(result, sizes[i]), [i])),
            ],
        };
    }

    private static int IndexOf(ImmutableArray<SiteDefinition> sites, string name)
    {
        int index = 0;
        while (sites[index].Name != name)
        {
            index++;
        }

        return index;
    }

    private int ChunkSizeFor(ParseResult result, long bytes)
    {
        int size = result.GetValue(_chunk)?.Bytes ?? ChunkLayout.DefaultChunkSize(bytes);
        return ChunkLayout.IsValid(bytes, size)
            ? size
            : throw new UsageException(
                $"--chunk: {new ByteSize(bytes)} would be more than {ChunkLayout.MostChunks} chunks; give a larger "
                + "size.");
    }

    private PeerLink? HubOf(ParseResult result) => result.GetValue(_hubUp) is { } up
        ? new PeerLink(up.BytesPerSecond, (result.GetValue(_hubDown) ?? up).BytesPerSecond)
        : null;

    private string TitleOf(ParseResult result, ExchangeScenario scenario)
    {
        int chunks = scenario.Contents.Sum(content => new ChunkLayout(content.Length, content.ChunkSize).ChunkCount);
        string different = result.GetValue(_peer)!.Length > 0 ? ", some different" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(scenario.Peers.Length, "peer")}, {result.GetValue(_up)} up, {result.GetValue(_down)} down, "
            + $"{result.GetValue(_duplex)} duplex{different}; "
            + $"{Counted.Of(scenario.Contents.Length, "file")}, "
            + $"{new ByteSize(scenario.Contents.Sum(content => content.Length))} in {Counted.Of(chunks, "chunk")}; "
            + $"{result.GetValue(_policy)}");
    }
}
