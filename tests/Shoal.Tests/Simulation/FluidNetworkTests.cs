using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Network;

namespace Shoal.Tests.Simulation;

public sealed class FluidNetworkTests
{
    private static readonly PeerLink Hundred = new(100, 100);

    [Fact]
    public void Transfers_of_a_connection_follow_each_other_without_a_gap()
    {
        var network = new Driver([Hundred, Hundred]);
        int flow = network.Open(0, 1);
        network.Send(flow, 50, 1);
        network.Send(flow, 150, 2);

        Assert.Equal([(0.5, 1), (2.0, 2)], network.Run());
    }

    [Fact]
    public void Two_receivers_share_an_uplink_and_the_one_left_gets_all_of_it()
    {
        var network = new Driver([Hundred, Hundred, Hundred]);
        network.Send(network.Open(0, 1), 50, 1);
        network.Send(network.Open(0, 2), 100, 2);

        Assert.Equal([(1.0, 1), (1.5, 2)], network.Run());
    }

    [Fact]
    public void Both_directions_share_a_half_duplex_link()
    {
        var half = new PeerLink(100, 100, IsHalfDuplex: true);
        var network = new Driver([half, half]);
        network.Send(network.Open(0, 1), 100, 1);
        network.Send(network.Open(1, 0), 100, 2);

        Assert.Equal([(2.0, 1), (2.0, 2)], network.Run());
    }

    [Fact]
    public void Only_traffic_that_leaves_a_site_crosses_its_link()
    {
        PeerLink here = Hundred with { Site = 0 };
        var network = new Driver([here, here, Hundred with { Site = 1 }], [new SiteLink(10, 10), new SiteLink(5, 5)]);
        network.Send(network.Open(0, 1), 100, 1);
        network.Send(network.Open(1, 2), 100, 2);

        Assert.Equal([(1.0, 1), (20.0, 2)], network.Run());
    }

    [Fact]
    public void A_link_that_stops_keeps_what_was_sent_and_goes_on_later()
    {
        var network = new Driver([Hundred, Hundred]);
        network.Send(network.Open(0, 1), 100, 1);
        network.RunUntil(0.5);
        network.Network.SetLink(0, 0, 0);
        network.RunUntil(10);
        network.Network.SetLink(0, 50, 50);

        Assert.Equal([(11.0, 1)], network.Run());
    }

    [Fact]
    public void A_closed_connection_delivers_nothing_more_and_frees_its_links()
    {
        var network = new Driver([Hundred, Hundred, Hundred]);
        int closed = network.Open(0, 1);
        network.Send(closed, 100, 1);
        network.Send(closed, 100, 2);
        network.Send(network.Open(0, 2), 100, 3);
        network.RunUntil(1);
        network.Network.Close(closed);

        Assert.Equal([(1.5, 3)], network.Run());
    }

    [Fact]
    public void Where_nothing_limits_a_transfer_ends_at_once()
    {
        var free = new PeerLink(double.PositiveInfinity, double.PositiveInfinity);
        var network = new Driver([free, free]);
        int flow = network.Open(0, 1);
        network.Send(flow, 1_000_000, 1);
        network.Send(flow, 1_000_000, 2);

        Assert.Equal([(0, 1), (0, 2)], network.Run());
    }

    [Fact]
    public void Rounding_to_nanoseconds_does_not_add_up()
    {
        var network = new Driver([new PeerLink(3, 3), new PeerLink(7, 7)]);
        int flow = network.Open(0, 1);
        for (int i = 0; i < 3000; i++)
        {
            network.Send(flow, 1, i);
        }

        Assert.Equal(1000.0, network.Run()[^1].Seconds, 8);
    }

    [Fact]
    public void A_connection_that_is_refilled_at_its_last_end_costs_no_new_rates()
    {
        var network = new Driver([Hundred, Hundred]);
        int flow = network.Open(0, 1);
        network.Send(flow, 100, 0);
        network.RunUntil(0.5);
        long steps = network.Network.Steps;
        int ended = 0;
        network.Ended = _ =>
        {
            if (++ended < 20)
            {
                network.Send(flow, 100, ended);
            }
        };
        network.RunUntil(19.5);

        Assert.Equal(19, ended);
        Assert.Equal(steps, network.Network.Steps);
    }

    [Theory]
    [MemberData(nameof(RandomSeeds))]
    public void No_link_ever_carries_more_than_it_can_and_no_byte_is_lost(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        int sites = random.Next(3);
        PeerLink[] links = [.. Enumerable.Range(0, random.Next(5) + 2).Select(_ => new PeerLink(
            random.Next(90) + 10, random.Next(90) + 10, random.Next(4) == 0, random.Next(sites + 1) - 1))];
        SiteLink[] siteLinks = [.. Enumerable.Range(0, sites).Select(_ => new SiteLink(
            random.Next(50) + 10, random.Next(50) + 10))];
        var network = new Driver([.. links], [.. siteLinks]);
        var flows = new List<(int Flow, int From, int To)>();
        for (int i = 0; i < 12; i++)
        {
            int from = random.Next(links.Length);
            int to = (from + 1 + random.Next(links.Length - 1)) % links.Length;
            flows.Add((network.Open(from, to), from, to));
        }

        long sent = 0;
        for (int i = 0; i < 60; i++)
        {
            network.RunUntil(network.Seconds + random.NextDouble());
            long bytes = random.Next(40) + 1;
            network.Send(flows[random.Next(flows.Count)].Flow, bytes, i);
            sent += bytes;
        }

        network.Run();

        Assert.Equal(sent, network.Ends.Sum(end => end.Transfer.Bytes));
        var ends = flows.ToDictionary(flow => flow.Flow);
        for (int peer = 0; peer < links.Length; peer++)
        {
            AssertWithin(links[peer].Up, e => ends[e].From == peer || (links[peer].IsHalfDuplex && ends[e].To == peer));
            AssertWithin(
                links[peer].IsHalfDuplex ? links[peer].Up : links[peer].Down,
                e => ends[e].To == peer || (links[peer].IsHalfDuplex && ends[e].From == peer));
        }

        for (int site = 0; site < sites; site++)
        {
            AssertWithin(siteLinks[site].Up, e => links[ends[e].From].Site == site && links[ends[e].To].Site != site);
            AssertWithin(siteLinks[site].Down, e => links[ends[e].To].Site == site && links[ends[e].From].Site != site);
        }

        void AssertWithin(double capacity, Func<int, bool> crosses)
        {
            double? excess = LinkLedger.WorstExcess(
                capacity, network.Ends.Where(end => crosses(end.Transfer.Flow))
                    .Select(end => (end.Transfer.StartedAt, end.At, end.Transfer.Bytes)));
            Assert.True(excess is null or <= 1e-6, $"random seed {randomSeed}: {excess} bytes too many");
        }
    }

    public static TheoryData<ulong> RandomSeeds() => [.. Enumerable.Range(1, 25).Select(i => (ulong)i)];

    private sealed class Driver
    {
        private readonly VirtualClock _clock = new();

        public Driver(ImmutableArray<PeerLink> endpoints, ImmutableArray<SiteLink> sites = default) =>
            Network = new FluidNetwork(_clock, endpoints, sites.IsDefault ? [] : sites);

        public FluidNetwork Network { get; }

        public double Seconds => _clock.Now.Seconds;

        public List<(TransferEnd Transfer, VirtualTime At)> Ends { get; } = [];

        public Action<TransferEnd> Ended { get; set; } = _ => { };

        public int Open(int from, int to) => Network.Open(from, to);

        public void Send(int flow, long bytes, int tag) => Network.Send(flow, bytes, tag);

        public void RunUntil(double seconds)
        {
            VirtualTime until = VirtualTime.FromSeconds(seconds);
            Step(until);
            _clock.AdvanceTo(until);
        }

        public List<(double Seconds, int Tag)> Run()
        {
            Step(new VirtualTime(long.MaxValue - 1));
            return [.. Ends.Select(end => (end.At.Seconds, end.Transfer.Tag))];
        }

        private void Step(VirtualTime until)
        {
            while (Network.NextEnd <= until)
            {
                _clock.AdvanceTo(Network.NextEnd);
                TransferEnd end = Network.TakeEnd();
                Ends.Add((end, _clock.Now));
                Ended(end);
            }
        }
    }
}
