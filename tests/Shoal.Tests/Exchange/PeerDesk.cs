using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>Peer 1 of a swarm, fed by hand; peers from 2 on, and the hub, are played by the test.</summary>
internal sealed class PeerDesk
{
    private readonly List<SwarmPeerEffect> _effects = [];

    public PeerDesk(SwarmPeerOptions? options = null) => Peer = new SwarmPeer(
        options ?? new SwarmPeerOptions { Swarm = "films", Peer = SwarmWords.Peer(1), Name = "peer1" });

    public SwarmPeer Peer { get; }

    public TimeSpan Now { get; set; }

    public List<SwarmPeerEffect> All { get; } = [];

    public SwarmOutcome? Outcome => All.OfType<SwarmPeerEffect.End>().SingleOrDefault()?.Outcome;

    /// <summary>Joins with these contents in full, with members 2.. connected, and opens the barrier under a plan
    /// in which each owner hands out its own.</summary>
    public void Begin(ImmutableArray<Manifest> own, ImmutableArray<(int Owner, Manifest Content)> others,
        int members = 2)
    {
        Apply(new SwarmPeerEvent.FolderRead(
            own,
            [new(SwarmWords.Peer(1), "peer1", [.. own.Select((content, i) => content.File($"own-{i}"))])],
            [.. own.Select(content => content.Full())]));
        Apply(new SwarmPeerEvent.HubConnected());
        Hub(new HubMessage.Welcome(SwarmWords.Member(1)));
        foreach ((int owner, Manifest content) in others)
        {
            Hub(new HubMessage.Describe([content]));
            Hub(new HubMessage.Own(SwarmWords.Peer(owner), [content.Id]));
            Hub(new HubMessage.Share(SwarmWords.Peer(owner), $"peer{owner}", owner, [content.File($"of-{owner}")]));
        }

        for (int member = 2; member <= members; member++)
        {
            Hub(new HubMessage.Joined(SwarmWords.Member(member)));
            Apply(new SwarmPeerEvent.PeerConnected(SwarmWords.Peer(member)));
            From(member, new PeerMessage.Hold(
                [.. others.Where(other => other.Owner == member).Select(other => other.Content.Full())]));
        }

        Hub(new HubMessage.Follow(new DistributionPlan(1, 0, [.. Enumerable.Range(1, members).Select(member =>
        {
            double bytes = member == 1
                ? own.Sum(content => content.Length)
                : others.Where(other => other.Owner == member).Sum(other => other.Content.Length);
            return new PlanShare(SwarmWords.Peer(member), bytes, bytes);
        })])));
        Hub(new HubMessage.Start());
    }

    public void Hub(HubMessage message) => Apply(new SwarmPeerEvent.FromHub(message));

    public void From(int peer, PeerMessage message) =>
        Apply(new SwarmPeerEvent.FromPeer(SwarmWords.Peer(peer), message));

    public void Stored(int from, ChunkRef chunk) => Apply(new SwarmPeerEvent.ChunkStored(SwarmWords.Peer(from), chunk));

    public void Corrupt(int from, ChunkRef chunk) =>
        Apply(new SwarmPeerEvent.ChunkCorrupt(SwarmWords.Peer(from), chunk));

    /// <summary>Lets time pass in ticks while the given peers keep saying that they are there.</summary>
    public void Pass(double seconds, params int[] alive)
    {
        for (TimeSpan end = Now + TimeSpan.FromSeconds(seconds); Now < end && Outcome is null;)
        {
            Now += TimeSpan.FromMilliseconds(250);
            foreach (int peer in alive)
            {
                From(peer, new PeerMessage.Alive());
            }

            Apply(new SwarmPeerEvent.Tick());
        }
    }

    public void Apply(SwarmPeerEvent @event)
    {
        _effects.Clear();
        Peer.Apply(Now, @event, _effects);
        All.AddRange(_effects);
    }

    /// <summary>Chunks asked of a peer so far, but for those taken back.</summary>
    public ImmutableArray<ChunkRef> Asked(int peer)
    {
        var asked = new List<ChunkRef>();
        foreach (SwarmPeerEffect effect in All)
        {
            if (effect is SwarmPeerEffect.ToPeer told && told.Peer == SwarmWords.Peer(peer))
            {
                asked.AddRange((told.Message as PeerMessage.Request)?.Chunks ?? []);
                asked.RemoveAll(chunk => (told.Message as PeerMessage.Cancel)?.Chunks.Contains(chunk) == true);
            }
        }

        return [.. asked];
    }

    public ImmutableArray<T> Told<T>(int peer) where T : PeerMessage =>
        [.. All.OfType<SwarmPeerEffect.ToPeer>().Where(told => told.Peer == SwarmWords.Peer(peer))
            .Select(told => told.Message).OfType<T>()];

    public ImmutableArray<T> ToldHub<T>() where T : MemberMessage =>
        [.. All.OfType<SwarmPeerEffect.ToHub>().Select(told => told.Message).OfType<T>()];

    public DisconnectReason? Disconnected(int peer) =>
        All.OfType<SwarmPeerEffect.Disconnect>().FirstOrDefault(gone => gone.Peer == SwarmWords.Peer(peer))?.Reason;
}
