using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// One run under the system clock, from the opening of the start barrier: who takes part, which files there are, and
/// the machine, whose occupations become orders here, and answers its facts.
/// </summary>
internal sealed class StarCourse
{
    private readonly SwarmCatalog _catalog;
    private readonly TrackerRoster _members;
    private readonly StarMachine _machine;
    private readonly StarSetup _setup;
    private readonly StarTally _tally;
    private readonly StarBound _bound;
    private readonly StarFiles _files;
    private readonly Dictionary<PeerId, StarPlace> _places = [];
    private readonly ImmutableArray<StarPlace> _inOrder;
    private readonly List<StarEffect> _effects = [];
    private readonly HashSet<StarPlace> _doubtful = [];
    private VirtualTime _makespan;
    private bool _isComplete;
    private bool _isNews = true;
    private bool _isBounded = true;

    public StarCourse(StarHubOptions options, SwarmCatalog catalog, TrackerRoster roster, StarFiles files)
    {
        IReadOnlyList<TrackerMember> members = roster.Present;
        _catalog = catalog;
        _members = roster;
        _files = files;
        _setup = new StarSetup
        {
            Costs = options.Costs,
            Files = files.Files,
            Holdings = [.. members.Select(member => files.HoldingsOf(member, catalog))],
            Mode = options.Mode,
        };
        _bound = StarBound.Of(_setup, files.ChunkCount);
        _tally = new StarTally(_setup);
        _machine = new StarMachine(_setup);
        _inOrder =
        [
            .. members.Select((member, i) => new StarPlace(i, member.Member, new Bitfield(files.ChunkCount))
            {
                Link = member.Link,
            }),
        ];
        foreach (StarPlace place in _inOrder)
        {
            _places.Add(place.Member.Id, place);
        }
    }

    /// <summary>Members that failed too often and are to go.</summary>
    public Queue<StarPlace> Refused { get; } = new();

    public IEnumerable<StarPlace> Places => _inOrder;

    public StarPlace? Find(PeerId peer) => _places.GetValueOrDefault(peer);

    public bool Has(ContentId content) => _files.Has(content);

    /// <summary>Starts the clock.</summary>
    public void Begin(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        foreach (StarPlace place in _inOrder)
        {
            Tell(new SwarmNote.ClockPlace(place.Index + 1, place.Member, _setup.Costs.Links[place.Index]), effects);
        }

        for (int file = 0; file < _files.Contents.Length; file++)
        {
            StarContent content = _files.Contents[file];
            Tell(new SwarmNote.ClockFile(
                file + 1, content.Content, content.Name, content.Owner + 1, content.Chunks), effects);
        }

        Apply(now, new StarEvent.Began(), effects);
    }

    /// <summary>
    /// An order was answered. An answer to another one than the open one is late, and false: not taken.
    /// </summary>
    public bool TryAnswer(
        TimeSpan now, StarPlace place, OccupationKind kind, ChunkRef chunk, OrderOutcome outcome,
        IList<SwarmTrackerEffect> effects)
    {
        if (place is not { Link: not null, Outcome: null, Current: { } current } || current.Kind != kind
            || _files.RefOf(current.Chunk) != chunk)
        {
            return false;
        }

        place.Outcome = outcome;
        if (outcome == OrderOutcome.Failed && kind == OccupationKind.Upload)
        {
            _doubtful.Add(place);
        }

        Apply(
            now,
            outcome == OrderOutcome.Done
                ? new StarEvent.Arrived(place.Index) : new StarEvent.Failed(place.Index),
            effects);
        return true;
    }

    public void Leave(TimeSpan now, StarPlace place, IList<SwarmTrackerEffect> effects)
    {
        if (place.Link is null)
        {
            return;
        }

        _isBounded &= _isComplete;
        place.Link = null;
        place.Current = null;
        Apply(now, new StarEvent.Left(place.Index), effects);
    }

    /// <summary>A member is back and has said what it has.</summary>
    public void Return(
        TimeSpan now, StarPlace place, TrackerMember member, IList<SwarmTrackerEffect> effects)
    {
        place.Link = member.Link;
        Apply(now, BackWith(place, member), effects);
    }

    /// <summary>A file changed or vanished: the members neither have nor want it any more.</summary>
    public void Withdraw(
        TimeSpan now, ContentId content, IEnumerable<TrackerMember> members, IList<SwarmTrackerEffect> effects)
    {
        foreach (TrackerMember member in members)
        {
            if (Find(member.Id) is { } place && _files.TryMark(content, place.Unwanted) && place.Link is not null)
            {
                Leave(now, place, effects);
                Return(now, place, member, effects);
            }
        }
    }

    private void Apply(TimeSpan now, StarEvent @event, IList<SwarmTrackerEffect> effects)
    {
        Feed(now, @event, effects);
        while (_isComplete && _doubtful.Count > 0)
        {
            AskAgain(now, effects);
        }

        if (_isComplete && _isNews)
        {
            Conclude(effects);
        }
    }

    /// <summary>
    /// All else is done: who could not serve a chunk is taken for one that has just come back, and asked again. When
    /// that fails too often, it is refused.
    /// </summary>
    private void AskAgain(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        foreach (StarPlace place in _doubtful.OrderBy(place => place.Index).ToArray())
        {
            _doubtful.Remove(place);
            if (_members.Find(place.Member.Id) is { Link: not null } member && place.Link is not null)
            {
                Feed(now, new StarEvent.Left(place.Index), effects);
                Feed(now, BackWith(place, member), effects);
            }
        }
    }

    private void Feed(TimeSpan now, StarEvent @event, IList<SwarmTrackerEffect> effects)
    {
        _machine.Apply(@event, _effects);
        foreach (StarEffect effect in _effects)
        {
            Carry(now, effect, effects);
        }

        _effects.Clear();
    }

    private void Carry(TimeSpan now, StarEffect effect, IList<SwarmTrackerEffect> effects)
    {
        switch (effect)
        {
            case StarEffect.Begin begin:
                Order(now, begin.Occupation, effects);
                break;
            case StarEffect.End end:
                End(end.Occupation, effects);
                break;
            case StarEffect.Release release:
                effects.Add(new SwarmTrackerEffect.Release(_files.RefOf(release.Chunk)));
                break;
            case StarEffect.Refuse refuse:
                Refused.Enqueue(_inOrder[refuse.Peer]);
                break;
            case StarEffect.Complete complete:
                _makespan = complete.Makespan;
                _isComplete = true;
                break;
            default:
                break;
        }
    }

    private void Order(TimeSpan now, Occupation occupation, IList<SwarmTrackerEffect> effects)
    {
        StarPlace place = _inOrder[occupation.Link];
        _isComplete = false;
        place.Current = occupation;
        place.Outcome = null;
        place.ToldAt = now;
        effects.Add(new SwarmTrackerEffect.ToMember(place.Link!.Value, MessageOf(occupation)));
        if (occupation.Kind == OccupationKind.Deliver)
        {
            effects.Add(new SwarmTrackerEffect.SendChunk(place.Link.Value, _files.RefOf(occupation.Chunk)));
        }
    }

    private void End(Occupation ended, IList<SwarmTrackerEffect> effects)
    {
        StarPlace place = _inOrder[ended.Link];
        OrderOutcome outcome = place.Outcome ?? OrderOutcome.Failed;
        place.Current = null;
        _isNews = true;
        Tell(new SwarmNote.Carried(MessageOf(ended), outcome), effects);
        if (outcome == OrderOutcome.Done)
        {
            _tally.Take(ended);
            if (ended.Kind == OccupationKind.Finished)
            {
                place.Gained.Add(_files.RefOf(ended.Chunk));
            }
        }
    }

    /// <summary>Nothing is left to do; said once, however many go after that.</summary>
    private void Conclude(IList<SwarmTrackerEffect> effects)
    {
        _isNews = false;
        var reading = new ClockReading(
            _makespan, _isBounded ? _bound.Makespan : VirtualTime.Zero, _tally.MeanChunk);
        ImmutableArray<StarPeerTally> tallies = _tally.Peers;
        foreach (StarPlace place in _inOrder)
        {
            StarPeerTally tally = tallies[place.Index];
            Tell(new SwarmNote.ClockTally(
                place.Index + 1, tally.Busy, tally.ChunksServed, tally.ChunksReceived, tally.MeanChunk), effects);
            if (place.Link is { } link)
            {
                effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Clocked(reading)));
            }
        }

        Tell(new SwarmNote.Clocked(reading), effects);
    }

    private StarEvent.Returned BackWith(StarPlace place, TrackerMember member) =>
        new(place.Index, _files.HoldingsOf(member, _catalog)) { Unwanted = place.Unwanted };

    private HubMessage.Order MessageOf(Occupation occupation) => new(
        occupation.Kind, _files.RefOf(occupation.Chunk), _files.FileOf(occupation.Chunk) + 1,
        occupation.Requester + 1, occupation.Holder + 1, occupation.Start, occupation.End);

    private static void Tell(SwarmNote note, IList<SwarmTrackerEffect> effects) =>
        effects.Add(new SwarmTrackerEffect.Tell(note));
}
