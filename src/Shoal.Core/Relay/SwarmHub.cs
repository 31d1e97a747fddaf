using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>
/// The hub's side of a swarm with both its duties: the tracker, and the relay, which hears what members say to the
/// tracker and is, to each of them, one more peer. Members that never use the relay are not its business.
/// </summary>
public sealed class SwarmHub
{
    private const string TooManyRequests = "it had too many requests open";

    private readonly SwarmTracker _tracker;
    private readonly RelayMachine _relay = new();
    private readonly Dictionary<LinkId, PeerId> _peers = [];
    private readonly Dictionary<PeerId, LinkId> _links = [];
    private readonly List<RelayEffect> _effects = [];

    /// <summary>A hub for a swarm without members.</summary>
    public SwarmHub(SwarmTrackerOptions options) => _tracker = new SwarmTracker(options);

    /// <summary>Whether the start barrier has opened.</summary>
    public bool IsStarted => _tracker.IsStarted;

    /// <summary>Bytes of chunks that are asked for or kept just now.</summary>
    public long BytesInFlight => _relay.BytesInFlight;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process or world; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        int first = effects.Count;
        _tracker.Apply(now, @event, effects);
        int end = effects.Count;
        for (int i = first; i < end; i++)
        {
            Follow(now, effects[i]);
        }

        switch (@event)
        {
            case SwarmTrackerEvent.FromMember said when _peers.TryGetValue(said.Link, out PeerId peer):
                Hear(now, peer, said.Message);
                break;
            case SwarmTrackerEvent.LinkLost lost:
                Leave(now, lost.Link);
                break;
            case SwarmTrackerEvent.ChunkCame came:
                PeerId holder = _peers.GetValueOrDefault(came.Link, PeerId.Relay);
                _relay.Apply(now, new RelayEvent.Uploaded(holder, came.Chunk), _effects);
                break;
            case SwarmTrackerEvent.ChunkCorrupt corrupt when _peers.TryGetValue(corrupt.Link, out PeerId peer):
                _relay.Apply(now, new RelayEvent.Corrupt(peer, corrupt.Chunk), _effects);
                break;
            case SwarmTrackerEvent.ChunkSent sent when _peers.TryGetValue(sent.Link, out PeerId peer):
                _relay.Apply(now, new RelayEvent.Delivered(peer, sent.Chunk), _effects);
                break;
            case SwarmTrackerEvent.Tick:
                _relay.Apply(now, new RelayEvent.Tick(), _effects);
                break;
            default:
                break;
        }

        Translate(now, effects);
    }

    /// <summary>What the tracker decided and the relay has to know.</summary>
    private void Follow(TimeSpan now, SwarmTrackerEffect effect)
    {
        switch (effect)
        {
            case SwarmTrackerEffect.ToMember { Message: HubMessage.Welcome welcome } to
                when welcome.You.Relay != RelayUse.Never:
                _peers[to.Link] = welcome.You.Id;
                _links[welcome.You.Id] = to.Link;
                _relay.Apply(now, new RelayEvent.Joined(welcome.You.Id), _effects);
                break;
            case SwarmTrackerEffect.ToMember { Message: HubMessage.FromRelay { Message: PeerMessage.Decline gone } } to
                when _peers.TryGetValue(to.Link, out PeerId peer):
                _relay.Apply(now, new RelayEvent.Cancelled(peer, gone.Chunks), _effects);
                break;
            case SwarmTrackerEffect.Disconnect disconnect:
                Leave(now, disconnect.Link);
                break;
            default:
                break;
        }
    }

    private void Leave(TimeSpan now, LinkId link)
    {
        if (_peers.Remove(link, out PeerId peer))
        {
            _links.Remove(peer);
            _relay.Apply(now, new RelayEvent.Left(peer), _effects);
        }
    }

    private void Hear(TimeSpan now, PeerId peer, MemberMessage message)
    {
        RelayEvent? fact = message switch
        {
            MemberMessage.Describe describe => new RelayEvent.Described(describe.Manifests),
            MemberMessage.Hold hold => new RelayEvent.Held(peer, hold.Holdings),
            MemberMessage.Have have => new RelayEvent.Gained(peer, have.Chunks),
            MemberMessage.ToRelay { Message: PeerMessage.Request request } =>
                new RelayEvent.Requested(peer, request.Chunks),
            MemberMessage.ToRelay { Message: PeerMessage.Cancel cancel } =>
                new RelayEvent.Cancelled(peer, cancel.Chunks),
            MemberMessage.ToRelay { Message: PeerMessage.Decline decline } =>
                new RelayEvent.Declined(peer, decline.Chunks),
            _ => null,
        };
        if (fact is not null)
        {
            _relay.Apply(now, fact, _effects);
        }
    }

    private void Translate(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        for (int i = 0; i < _effects.Count; i++)
        {
            switch (_effects[i])
            {
                case RelayEffect.Ask ask:
                    Say(ask.Holder, new PeerMessage.Request([ask.Chunk]), effects);
                    break;
                case RelayEffect.TakeBack back:
                    Say(back.Holder, new PeerMessage.Cancel([back.Chunk]), effects);
                    break;
                case RelayEffect.Decline decline:
                    Say(decline.Peer, new PeerMessage.Decline([decline.Chunk]), effects);
                    break;
                case RelayEffect.Deliver deliver when _links.TryGetValue(deliver.Peer, out LinkId link):
                    effects.Add(new SwarmTrackerEffect.SendChunk(link, deliver.Chunk));
                    break;
                case RelayEffect.Release release:
                    effects.Add(new SwarmTrackerEffect.Release(release.Chunk));
                    break;
                case RelayEffect.Blame blame:
                    effects.Add(new SwarmTrackerEffect.Tell(
                        new SwarmNote.Blamed(blame.Holder, blame.Chunk, blame.Count)));
                    break;
                case RelayEffect.Refuse refuse when _links.TryGetValue(refuse.Peer, out LinkId link):
                    effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.Refuse(TooManyRequests)));
                    effects.Add(new SwarmTrackerEffect.Disconnect(link, TooManyRequests));
                    _tracker.Apply(now, new SwarmTrackerEvent.LinkLost(link), effects);
                    Leave(now, link);
                    break;
                default:
                    break;
            }
        }

        _effects.Clear();
    }

    private void Say(PeerId peer, PeerMessage message, IList<SwarmTrackerEffect> effects)
    {
        if (_links.TryGetValue(peer, out LinkId link))
        {
            effects.Add(new SwarmTrackerEffect.ToMember(link, new HubMessage.FromRelay(message)));
        }
    }
}
