using Shoal.Core.Roster;
using Shoal.Hosts.Hub;

namespace Shoal.Tests.Exchange;

/// <summary>What a hub does before its first swarm.</summary>
public sealed class SwarmRehearsalTests
{
    [Fact]
    public void A_rehearsed_swarm_begins_and_comes_to_its_end() =>
        Assert.True(SwarmRehearsal.Play(new HubOptions { Listen = new EndpointText("127.0.0.1", 0) }));
}
