using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>What a peer's machine is told when its process starts: what a user of this scenario would say.</summary>
internal static class ProcessOptions
{
    public static SwarmPeerOptions Of(ExchangeScenario scenario, SimulatedPeer peer)
    {
        ScenarioPeer given = scenario.Peers[peer.Index];
        return new SwarmPeerOptions
        {
            Swarm = SimulatedPeer.Swarm,
            Peer = peer.Id,
            Name = peer.Name,
            Endpoints = [$"{peer.Name}:1"],
            Capacity = scenario.IsCapacityDeclared ? Declare(given.Link) : default,
            Expect = peer.Life == 1 && given.JoinsAt == VirtualTime.Zero ? CountFirst(scenario) : 0,
            Policy = scenario.Policy,
            Relay = scenario.Hub is null ? RelayUse.Never
                : scenario.IsRelayOnly ? RelayUse.Always : RelayUse.Auto,
            Stay = scenario.Stay,
            RandomSeed = DeterministicRandom.Mix(scenario.RandomSeed + ((ulong)peer.Index << 32) + (ulong)peer.Life),
        };
    }

    private static DeclaredCapacity Declare(PeerLink link) =>
        new(Finite(link.Up), link.IsHalfDuplex ? Finite(link.Up) : Finite(link.Down));

    private static double? Finite(double rate) => double.IsFinite(rate) ? rate : null;

    private static int CountFirst(ExchangeScenario scenario) =>
        scenario.Peers.Count(peer => peer.JoinsAt == VirtualTime.Zero);
}
