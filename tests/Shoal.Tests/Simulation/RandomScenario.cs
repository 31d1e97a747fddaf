using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>Draws swarms, and what goes wrong in them. One random seed, one scenario.</summary>
internal sealed class RandomScenario
{
    private const double Mbit = 125_000;
    private readonly DeterministicRandom _random;
    private readonly ExchangeScenario _calm;
    private int? _corrupt;

    private RandomScenario(ulong randomSeed)
    {
        _random = new DeterministicRandom(DeterministicRandom.Mix(randomSeed));
        int sites = _random.Next(3);
        ScenarioPeer[] peers = [.. Enumerable.Range(0, 2 + _random.Next(9)).Select(_ => DrawPeer(sites))];
        ScenarioContent[] contents =
            [.. Enumerable.Range(0, 1 + _random.Next(6)).Select(_ => DrawContent(peers.Length))];
        _calm = new ExchangeScenario
        {
            Peers = [.. peers],
            Contents = [.. contents],
            Sites = [.. Enumerable.Range(0, sites).Select(_ => new SiteLink(DrawRate(), DrawRate()))],
            Latency = new VirtualTime(_random.Next(30_000_000)),
            Policy = (PickPolicy)_random.Next(3),
            IsCapacityDeclared = _random.Next(3) > 0,
            RandomSeed = randomSeed,
        };
        _calm = _calm with
        {
            // Each of a few faults may cost the patience of a minute.
            Deadline = VirtualTime.FromSeconds(
                (100 * Math.Max(_calm.Bound.Seconds, MakespanBound.Direct(_calm.Shape).Seconds)) + 1200),
        };
    }

    /// <summary>A swarm in which nothing goes wrong.</summary>
    public static ExchangeScenario Calm(ulong randomSeed) => new RandomScenario(randomSeed)._calm;

    /// <summary>A swarm with a hub that relays between those who cannot meet, or lends its uplink to all.</summary>
    public static ExchangeScenario Relayed(ulong randomSeed)
    {
        var draw = new RandomScenario(randomSeed);
        return draw.Relay(draw._calm);
    }

    /// <summary>The same in which much goes wrong, but nothing for ever.</summary>
    public static ExchangeScenario RelayedAndTroubled(ulong randomSeed)
    {
        var draw = new RandomScenario(randomSeed);
        ExchangeScenario relayed = draw.Relay(draw._calm);
        int one = draw._random.Next(relayed.Peers.Length - 1);
        var pair = new PeerPair(one, one + 1);
        return relayed with
        {
            Stay = draw._random.Next(2) == 0,
            Faults =
            [
                .. Enumerable.Range(0, 1 + draw._random.Next(3)).SelectMany(_ => draw.DrawFaults())
                    .Append(new ScenarioFault.Cut(draw.DrawTime(), pair, draw.DrawSpan())).OrderBy(fault => fault.At),
            ],
        };
    }

    private ExchangeScenario Relay(ExchangeScenario calm)
    {
        int kind = _random.Next(4);
        var walls = new List<PeerPair>();
        for (int i = 0; i < calm.Peers.Length; i++)
        {
            for (int j = i + 1; j < calm.Peers.Length; j++)
            {
                if (_random.Next(3) == 0)
                {
                    walls.Add(new PeerPair(i, j));
                }
            }
        }

        return calm with
        {
            Peers = [.. calm.Peers.Select(peer => peer with { Link = peer.Link with { Site = -1 } })],
            Sites = [],
            Hub = new PeerLink((20 + _random.Next(500)) * Mbit, (20 + _random.Next(500)) * Mbit),
            IsRelayOnly = kind == 0,
            IsHubLending = kind == 1,
            Walls = kind < 2 ? [] : [.. walls],
        };
    }

    /// <summary>A swarm in which much goes wrong, but nothing for ever.</summary>
    public static ExchangeScenario Troubled(ulong randomSeed)
    {
        var draw = new RandomScenario(randomSeed);
        ImmutableArray<ScenarioPeer> peers =
            [.. draw._calm.Peers.Select((peer, i) => peer with { JoinsAt = draw.DrawJoin(i) })];
        return draw._calm with
        {
            Peers = peers,

            // Who comes late may find everybody gone.
            Stay = peers.Any(peer => peer.JoinsAt > VirtualTime.Zero) || draw._random.Next(4) == 0,
            Faults =
            [
                .. Enumerable.Range(0, 1 + draw._random.Next(5)).SelectMany(_ => draw.DrawFaults())
                    .OrderBy(fault => fault.At),
            ],
        };
    }

    private ScenarioPeer DrawPeer(int sites) => new(new PeerLink(
        DrawRate(), DrawRate(), _random.Next(5) == 0, sites > 0 ? _random.Next(sites + 1) - 1 : -1));

    private double DrawRate() => _random.Next(8) switch
    {
        0 => 10 * Mbit,
        1 => 20 * Mbit,
        2 => (5 + _random.Next(200)) * Mbit,
        _ => 100 * Mbit,
    };

    private ScenarioContent DrawContent(int peers)
    {
        int[] order = [.. Enumerable.Range(0, peers)];
        _random.Shuffle<int>(order);
        int holders = _random.Next(3) == 0 ? 1 + _random.Next(Math.Min(3, peers)) : 1;
        return new ScenarioContent(
            _random.Next(6) == 0 ? _random.Next(3) * 20_000 : _random.Next(8_000_000), 16_384 << _random.Next(5),
            [.. order[..holders].Order()]);
    }

    /// <summary>Two at least are there at once; the others may be late.</summary>
    private VirtualTime DrawJoin(int peer) =>
        peer >= 2 && _random.Next(6) == 0 ? DrawTime() : VirtualTime.Zero;

    /// <summary>A moment while the swarm is most likely busy.</summary>
    private VirtualTime DrawTime() =>
        VirtualTime.FromSeconds(_random.NextDouble() * 1.5 * Math.Max(1, _calm.Bound.Seconds));

    private VirtualTime DrawSpan() => VirtualTime.FromSeconds(
        _random.Next(3) == 0 ? _random.NextDouble() * 20 : _random.NextDouble() * 2);

    private IEnumerable<ScenarioFault> DrawFaults()
    {
        int peer = _random.Next(_calm.Peers.Length);
        PeerLink link = _calm.Peers[peer].Link;
        VirtualTime at = DrawTime();
        switch (_random.Next(5))
        {
            case 0:
                return [new ScenarioFault.Vanish(at, peer, DrawSpan())];
            case 1:
                return [new ScenarioFault.Stall(at, peer, DrawSpan())];
            case 2:
                double part = Math.Max(0.02, _random.NextDouble());
                return
                [
                    new ScenarioFault.ChangeLink(at, peer, link.Up * part, link.Down * part),
                    new ScenarioFault.ChangeLink(at + DrawSpan(), peer, link.Up, link.Down),
                ];
            case 3:
                // Whom nobody believes any more must not be the only one who has something: one a swarm, and
                // no sole owner.
                _corrupt ??= peer;
                double most = OwnsAlone(_corrupt.Value) ? 0 : 1;
                return [new ScenarioFault.Corrupt(at, _corrupt.Value, _random.NextDouble() * most)];
            default:
                return [new ScenarioFault.RestartHub(at, DrawSpan())];
        }
    }

    private bool OwnsAlone(int peer) =>
        _calm.Contents.Any(content => content.Holders.Length == 1 && content.Holders[0] == peer);
}
