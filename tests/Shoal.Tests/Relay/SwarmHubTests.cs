using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay;
using Shoal.Tests.Exchange;

namespace Shoal.Tests.Relay;

/// <summary>The hub's two duties together: what members say to one of them reaches the other.</summary>
public sealed class SwarmHubTests
{
    private static readonly Manifest Content = SwarmWords.Content(RelayMachine.MostWishes + 1, 1);

    private readonly SwarmHub _hub = new(new SwarmTrackerOptions { Swarm = "films" });
    private readonly List<SwarmTrackerEffect> _effects = [];

    [Fact]
    public void A_flood_of_wishes_costs_the_one_who_wishes_its_connection_and_nobody_else_anything()
    {
        Join(1);
        Say(1, new MemberMessage.Describe([Content]));
        Say(1, new MemberMessage.Hold([Content.Full()]));
        Join(2);
        Join(3);

        Say(2, Wishes(0, RelayMachine.MostWishes));
        Say(3, Wishes(7, 1));
        Assert.Empty(_effects.OfType<SwarmTrackerEffect.Disconnect>());
        Say(2, Wishes(RelayMachine.MostWishes, 1));

        var dropped = Assert.Single(_effects.OfType<SwarmTrackerEffect.Disconnect>());
        Assert.Equal((new LinkId(2), "it had too many requests open"), (dropped.Link, dropped.Reason));
        Assert.Contains(
            new SwarmTrackerEffect.ToMember(dropped.Link, new HubMessage.Refuse(dropped.Reason)), _effects);

        // Chunk 7 is wanted by another too and stays asked; what only the offender wanted is taken back.
        ImmutableArray<int> asked = [.. ToOne<PeerMessage.Request>().SelectMany(said => said.Chunks).Select(Index)];
        ImmutableArray<int> back = [.. ToOne<PeerMessage.Cancel>().SelectMany(said => said.Chunks).Select(Index)];
        Assert.Equal([7], asked.Except(back));
        Assert.Equal(SwarmWords.ChunkSize, _hub.BytesInFlight);

        _hub.Apply(default, new SwarmTrackerEvent.ChunkCame(new LinkId(1), Content.Chunk(7)), _effects);
        var sent = Assert.Single(_effects.OfType<SwarmTrackerEffect.SendChunk>());
        Assert.Equal(new LinkId(3), sent.Link);
    }

    [Fact]
    public void A_link_that_is_lost_takes_its_wishes_along()
    {
        Join(1);
        Say(1, new MemberMessage.Describe([Content]));
        Say(1, new MemberMessage.Hold([Content.Full()]));
        Join(2);
        Say(2, Wishes(0, 100));
        Assert.NotEqual(0, _hub.BytesInFlight);

        _hub.Apply(default, new SwarmTrackerEvent.LinkLost(new LinkId(2)), _effects);

        Assert.Equal(0, _hub.BytesInFlight);
        Assert.Equal(
            ToOne<PeerMessage.Request>().SelectMany(said => said.Chunks).Order(Comparer),
            ToOne<PeerMessage.Cancel>().SelectMany(said => said.Chunks).Order(Comparer));
    }

    private static Comparer<ChunkRef> Comparer { get; } =
        Comparer<ChunkRef>.Create((a, b) => Index(a).CompareTo(Index(b)));

    private static int Index(ChunkRef chunk) => chunk.Index.Value;

    private static MemberMessage.ToRelay Wishes(int first, int count) => new(new PeerMessage.Request(
        [.. Enumerable.Range(first, count).Select(Content.Chunk)]));

    private IEnumerable<T> ToOne<T>() where T : PeerMessage => _effects.OfType<SwarmTrackerEffect.ToMember>()
        .Where(to => to.Link == new LinkId(1)).Select(to => to.Message).OfType<HubMessage.FromRelay>()
        .Select(from => from.Message).OfType<T>();

    private void Join(int member) => Say(member, new MemberMessage.Join(
        "films", SwarmWords.Peer(member), $"peer{member}", [], default, 0, 0, null, null));

    private void Say(int member, MemberMessage message) =>
        _hub.Apply(default, new SwarmTrackerEvent.FromMember(new LinkId(member), message), _effects);
}
