using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// The hub's side of a swarm under the system clock: the tracker, which keeps roster, contents, start barrier and end,
/// and beside it the star, which orders every transfer. What a member says that it has counts when the star has seen
/// it finished, so that the run ends by the system clock.
/// </summary>
public sealed class StarHub
{
    private readonly StarHubOptions _options;
    private readonly SwarmTracker _tracker;
    private readonly StarAdmission _admission;
    private readonly Dictionary<LinkId, PeerId> _peers = [];
    private readonly Dictionary<ContentId, string> _names = [];
    private StarCourse? _course;

    /// <summary>A hub for a swarm without members.</summary>
    /// <param name="options">How it keeps the clock.</param>
    /// <param name="tracker">What its tracker is told.</param>
    public StarHub(StarHubOptions options, SwarmTrackerOptions tracker)
    {
        _options = options;
        _tracker = new SwarmTracker(tracker with { IsOrdered = true });
        _admission = new StarAdmission(options, _tracker);
    }

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        if (WhyNot(@event) is not ({ } reason, { } link))
        {
            Tell(now, Plain(@event), effects);
            Hear(now, @event, effects);
            Settle(now, effects);
        }
        else if (@event is SwarmTrackerEvent.FromMember { Message: MemberMessage.Join })
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Refuse(reason)));
            effects.Add(new SwarmTrackerEffect.Disconnect(link, reason));
        }
        else
        {
            Expel(now, link, reason, effects);
            Settle(now, effects);
        }
    }

    /// <summary>Why whoever said this cannot be, or stay, a member.</summary>
    private (string Reason, LinkId? Link) WhyNot(SwarmTrackerEvent @event)
    {
        if (@event is not SwarmTrackerEvent.FromMember said)
        {
            return default;
        }

        string? reason = said.Message switch
        {
            MemberMessage.Join join => _admission.WhyNotJoin(join, _course),
            MemberMessage.Share share when _peers.ContainsKey(said.Link) => StarAdmission.WhyNotShare(share, _course),
            MemberMessage.ToRelay { Message: PeerMessage.Request } =>
                "it asked for chunks on its own, where the hub orders what is to be done",
            _ => null,
        };
        return reason is null ? default : (reason, said.Link);
    }

    /// <summary>What the tracker is to know of an event: what a member has gained it learns from the star.</summary>
    private static SwarmTrackerEvent Plain(SwarmTrackerEvent @event) =>
        @event is SwarmTrackerEvent.FromMember
        {
            Message: MemberMessage.Have or MemberMessage.Answer or MemberMessage.ToRelay,
        } said
            ? said with { Message = new MemberMessage.Alive() }
            : @event;

    /// <summary>Tells the tracker something, and does what its decisions mean for the star.</summary>
    private void Tell(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        var told = new List<SwarmTrackerEffect>();
        _tracker.Apply(now, @event, told);
        foreach (SwarmTrackerEffect effect in told)
        {
            effects.Add(effect);
            switch (effect)
            {
                case SwarmTrackerEffect.ToMember { Message: HubMessage.Welcome welcome } to:
                    _peers[to.Link] = welcome.You.Id;
                    int members = _options.Costs.Links.Length;
                    effects.Add(new SwarmTrackerEffect.ToMember(to.Link, new HubMessage.Clock(members)));
                    break;
                case SwarmTrackerEffect.Started:
                    Start(now, effects);
                    break;
                case SwarmTrackerEffect.Tell { Note: SwarmNote.MemberGone gone }
                    when _course?.Find(gone.Member.Id) is { } place:
                    _course.Leave(now, place, effects);
                    break;
                case SwarmTrackerEffect.Tell { Note: SwarmNote.ContentWithdrawn withdrawn }:
                    _course?.Withdraw(now, withdrawn.Content, _tracker.Roster.Present, effects);
                    break;
                default:
                    break;
            }
        }
    }

    private void Start(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        StarFiles files = StarFiles.Of(_tracker.Catalog, _tracker.Roster.Present, _names);
        if (_admission.WhyNotStart(files) is { } reason)
        {
            foreach (TrackerMember member in _tracker.Roster.Present)
            {
                effects.Add(new SwarmTrackerEffect.ToMember(member.Link!.Value, new HubMessage.Refuse(reason)));
                effects.Add(new SwarmTrackerEffect.Disconnect(member.Link.Value, reason));
            }

            return;
        }

        _course = new StarCourse(_options, _tracker.Catalog, _tracker.Roster, files);
        _course.Begin(now, effects);
    }

    /// <summary>What the star is to know of an event, when the tracker has taken it.</summary>
    private void Hear(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        switch (@event)
        {
            case SwarmTrackerEvent.FromMember said:
                Hear(now, said, effects);
                break;
            case SwarmTrackerEvent.LinkLost lost:
                _peers.Remove(lost.Link);
                break;
            case SwarmTrackerEvent.ChunkCame came when !TryAnswer(
                now, came.Link, OccupationKind.Upload, came.Chunk, OrderOutcome.Done, effects):
                effects.Add(new SwarmTrackerEffect.Release(came.Chunk));
                break;
            case SwarmTrackerEvent.ChunkCorrupt corrupt when PlaceOf(corrupt.Link) is { } place:
                effects.Add(new SwarmTrackerEffect.Tell(new SwarmNote.Blamed(
                    place.Member.Id, corrupt.Chunk, ++place.WrongChunks)));
                TryAnswer(now, corrupt.Link, OccupationKind.Upload, corrupt.Chunk, OrderOutcome.Failed, effects);
                break;
            case SwarmTrackerEvent.Tick:
                ExpelSilent(now, effects);
                break;
            default:
                break;
        }
    }

    private void Hear(TimeSpan now, SwarmTrackerEvent.FromMember said, IList<SwarmTrackerEffect> effects)
    {
        switch (said.Message)
        {
            case MemberMessage.Share share:
                Remember(share);
                break;
            case MemberMessage.Ready when PlaceOf(said.Link) is { Link: null } place
                && _tracker.Roster.Find(said.Link) is { } member:
                _course!.Return(now, place, member, effects);
                break;
            case MemberMessage.Lose lose when PlaceOf(said.Link) is not null
                && _tracker.Roster.Find(said.Link) is { } member:
                _course!.Withdraw(now, lose.Content, [member], effects);
                break;
            case MemberMessage.ToRelay { Message: PeerMessage.Decline decline }:
                foreach (ChunkRef chunk in decline.Chunks)
                {
                    TryAnswer(now, said.Link, OccupationKind.Upload, chunk, OrderOutcome.Failed, effects);
                }

                break;
            case MemberMessage.Answer answer when PlaceOf(said.Link)?.Current?.Start == answer.Begin
                && (answer.Kind != OccupationKind.Upload || answer.Outcome == OrderOutcome.Failed):
                TryAnswer(now, said.Link, answer.Kind, answer.Chunk, answer.Outcome, effects);
                break;
            default:
                break;
        }
    }

    private StarPlace? PlaceOf(LinkId link) => _peers.TryGetValue(link, out PeerId peer) ? _course?.Find(peer) : null;

    private bool TryAnswer(
        TimeSpan now, LinkId link, OccupationKind kind, ChunkRef chunk, OrderOutcome outcome,
        IList<SwarmTrackerEffect> effects) =>
        PlaceOf(link) is { } place && place.Link == link
        && _course!.TryAnswer(now, place, kind, chunk, outcome, effects);

    /// <summary>A file is called by the first of its names.</summary>
    private void Remember(MemberMessage.Share share)
    {
        foreach (SharedEntry entry in share.Entries)
        {
            if (entry is SharedEntry.File file && _tracker.Catalog.Find(file.Content) is not null
                && (!_names.TryGetValue(file.Content, out string? known)
                || string.CompareOrdinal(file.Name.Value, known) < 0))
            {
                _names[file.Content] = file.Name.Value;
            }
        }
    }

    private void ExpelSilent(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        foreach (StarPlace place in _course?.Places ?? [])
        {
            if (place is { Link: { } link, Current: not null, Outcome: null }
                && now - place.ToldAt > _options.AnswerLimit)
            {
                double limit = _options.AnswerLimit.TotalSeconds;
                Expel(now, link, $"it has not answered an order for {limit:0.###} s", effects);
            }
        }
    }

    /// <summary>
    /// Does what is left to do: members that failed go, and the tracker hears what the others have got.
    /// </summary>
    private void Settle(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        if (_course is not { } course)
        {
            return;
        }

        while (course.Refused.TryDequeue(out StarPlace? place))
        {
            if (place.Link is { } link)
            {
                Expel(now, link, $"{StarMachine.MostFailures} of its orders failed", effects);
            }
        }

        foreach (StarPlace place in course.Places)
        {
            if (place is { Gained.Count: > 0, Link: { } link })
            {
                Tell(now, new SwarmTrackerEvent.FromMember(link, new MemberMessage.Have([.. place.Gained])), effects);
            }

            place.Gained.Clear();
        }
    }

    private void Expel(TimeSpan now, LinkId link, string reason, IList<SwarmTrackerEffect> effects)
    {
        effects.Add(new SwarmTrackerEffect.Disconnect(link, reason));
        Tell(now, new SwarmTrackerEvent.LinkLost(link), effects);
        _peers.Remove(link);
    }
}
