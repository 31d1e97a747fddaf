using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Tests.Exchange;

/// <summary>
/// A tracker fed by hand: says what members say and collects what each of them is told. As members do, they answer
/// with what they counted when they hear that all have everything.
/// </summary>
internal sealed class TrackerDesk(string swarm = "films")
{
    private readonly List<SwarmTrackerEffect> _effects = [];
    private readonly Dictionary<LinkId, List<HubMessage>> _told = [];

    public SwarmTracker Tracker { get; } = new(new SwarmTrackerOptions
    {
        Swarm = swarm, Offer = OfferId.TryParseSwarm(swarm, out OfferId offer) ? offer : null,
    });

    public TimeSpan Now { get; set; }

    public List<SwarmTrackerEffect> Others { get; } = [];

    /// <summary>What each member counted so far; without a line here, nothing.</summary>
    public Dictionary<int, PeerTally> Tallies { get; } = [];

    /// <summary>Members that do not say at the end what they counted.</summary>
    public HashSet<int> Uncounted { get; } = [];

    public static LinkId Link(int member) => new(member);

    public void Join(
        int member, int expect = 0, DeclaredCapacity capacity = default, string? name = null, int? link = null,
        TimeSpan? runningFor = null, int order = 0) =>
        Say(link ?? member, new MemberMessage.Join(
            swarm, SwarmWords.Peer(member), name ?? $"peer{member}", [], capacity, expect, order, runningFor, null));

    /// <summary>Joins, describes and shares contents, has them in full, and is ready.</summary>
    public void JoinWith(int member, int expect, params Manifest[] contents)
    {
        Join(member, expect);
        Bring(member, contents);
        Say(member, new MemberMessage.Ready());
    }

    /// <summary>Describes and shares contents and has them in full.</summary>
    public void Bring(int member, params Manifest[] contents)
    {
        Say(member, new MemberMessage.Describe([.. contents]));
        Say(member, new MemberMessage.Share(SwarmWords.Peer(member), $"peer{member}",
            [.. contents.Select((content, i) => content.File($"file-{member}-{i}"))]));
        Say(member, new MemberMessage.Hold([.. contents.Select(content => content.Full())]));
    }

    public void Say(int link, MemberMessage message) =>
        Apply(new SwarmTrackerEvent.FromMember(Link(link), message));

    public void Has(int link, Manifest content) => Say(link, new MemberMessage.Have(
        [.. Enumerable.Range(0, content.ChunkCount).Select(content.Chunk)]));

    public void Cut(int link) => Apply(new SwarmTrackerEvent.LinkLost(Link(link)));

    public void Tick(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Apply(new SwarmTrackerEvent.Tick());
    }

    public void Apply(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        Tracker.Apply(Now, @event, _effects);
        LinkId[] asked =
        [
            .. _effects.OfType<SwarmTrackerEffect.ToMember>().Where(told => IsEnd(told.Message))
                .Select(told => told.Link).Where(link => !Uncounted.Contains((int)link.Value)),
        ];
        foreach (SwarmTrackerEffect effect in _effects)
        {
            if (effect is SwarmTrackerEffect.ToMember told)
            {
                _told.TryAdd(told.Link, []);
                _told[told.Link].Add(told.Message);
            }
            else
            {
                Others.Add(effect);
            }
        }

        foreach (LinkId link in asked)
        {
            Say((int)link.Value, new MemberMessage.Count(Tallies.GetValueOrDefault((int)link.Value)));
        }
    }

    /// <summary>What a member was told of one kind, oldest first.</summary>
    public ImmutableArray<T> Told<T>(int link) where T : HubMessage =>
        _told.TryGetValue(Link(link), out List<HubMessage>? told) ? [.. told.OfType<T>()] : [];

    private static bool IsEnd(HubMessage message) =>
        message is HubMessage.Advance { Progress: var swarm } && swarm.CompleteMembers == swarm.PresentMembers;
}
