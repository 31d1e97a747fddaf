using System.Runtime.InteropServices;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// The hub's side of what a directory's users offer to each other, as a machine: which of them speak the exchange, what
/// each publication is, and who has the same. Whoever seeks one learns its swarm, and all who offer it are called into
/// that swarm. It is fed with the events of a tracker, and wants no more done than one does.
/// </summary>
/// <remarks>
/// That a user is who it says, and publishes what is sought, the directory knows; a shell asks it before it tells of an
/// <see cref="MemberMessage.Enlist"/> or a <see cref="MemberMessage.Seek"/>.
/// </remarks>
/// <param name="lease">A connection on which nothing is said for so long has ended.</param>
public sealed class OfferBook(TimeSpan lease)
{
    /// <summary>A user offers at most so much; one that offers more is disconnected.</summary>
    public const int MostOffers = 100_000;

    private static readonly TimeSpan s_aliveInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<LinkId, Seat> _seats = [];
    private readonly Dictionary<string, Seat> _users = [];
    private readonly Dictionary<OfferId, Dictionary<Seat, int>> _holders = [];
    private readonly LeaseTable<LinkId> _leases = new(lease);
    private readonly List<LinkId> _expired = [];

    /// <summary>How many users are here.</summary>
    public int UserCount => _users.Count;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment of this process; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, SwarmTrackerEvent @event, IList<SwarmTrackerEffect> effects)
    {
        switch (@event)
        {
            case SwarmTrackerEvent.FromMember said:
                OnMessage(now, SeatOf(said.Link), said.Message, effects);
                break;
            case SwarmTrackerEvent.Withdrawn withdrawn when _users.TryGetValue(withdrawn.User, out Seat? seat):
                OnWithdrawn(seat, withdrawn.File, effects);
                break;
            case SwarmTrackerEvent.Lent lent:
                OnLent(lent);
                break;
            case SwarmTrackerEvent.Lending lending when _seats.TryGetValue(lending.Link, out Seat? seat):
                foreach (MemberMessage.Offer offer in lending.Offers)
                {
                    OnOffer(seat, offer, effects);
                }

                break;
            case SwarmTrackerEvent.LinkLost lost:
                Remove(lost.Link);
                break;
            case SwarmTrackerEvent.Tick:
                OnTick(now, effects);
                break;
            default:
                break;
        }
    }

    // The directory gave it a name that no user has.
    private void OnLent(SwarmTrackerEvent.Lent lent)
    {
        Seat seat = SeatOf(lent.Link);
        seat.IsLent = true;
        seat.User = lent.User;
        _users[lent.User] = seat;
    }

    private void OnMessage(TimeSpan now, Seat seat, MemberMessage message, IList<SwarmTrackerEffect> effects)
    {
        _leases.Renew(seat.Link, now);
        switch (message)
        {
            case MemberMessage.Enlist enlist when !seat.HasSpoken:
                OnEnlist(seat, enlist, effects);
                break;
            case MemberMessage.Offer offer when seat.User is not null:
                OnOffer(seat, offer, effects);
                break;
            case MemberMessage.Withdraw withdraw when seat.User is not null:
                Drop(seat, withdraw.File);
                break;
            case MemberMessage.Seek seek:
                OnSeek(now, seat, seek, effects);
                break;
            case MemberMessage.Alive:
                break;
            default:
                Disconnect(seat.Link, "it said what no user's machine says", effects);
                break;
        }

        seat.HasSpoken = true;
    }

    private void OnEnlist(Seat seat, MemberMessage.Enlist enlist, IList<SwarmTrackerEffect> effects)
    {
        // The directory lets a user in once: an older connection is one whose end has not been heard of yet.
        if (_users.TryGetValue(enlist.User, out Seat? older))
        {
            Disconnect(older.Link, "the user's machine connected again", effects, isFault: false);
        }

        seat.User = enlist.User;
        _users[enlist.User] = seat;
    }

    private void OnOffer(Seat seat, MemberMessage.Offer offer, IList<SwarmTrackerEffect> effects)
    {
        Drop(seat, offer.File);
        if (seat.Offers.Count >= MostOffers && seat.IsLent)
        {
            // Its swarm's connection is not this book's to close; the file can be had in the plain way.
            return;
        }

        if (seat.Offers.Count >= MostOffers)
        {
            Disconnect(seat.Link, $"it offers more than {MostOffers} things", effects);
            return;
        }

        seat.Offers.Add(offer.File, offer);
        if (!_holders.TryGetValue(offer.Id, out Dictionary<Seat, int>? holders))
        {
            _holders[offer.Id] = holders = [];
        }

        CollectionsMarshal.GetValueRefOrAddDefault(holders, seat, out _)++;
    }

    private void OnWithdrawn(Seat seat, string? file, IList<SwarmTrackerEffect> effects)
    {
        if (file is not null)
        {
            Drop(seat, file);
        }
        else
        {
            Disconnect(seat.Link, "its user is not connected any more", effects, isFault: false);
        }
    }

    private void OnSeek(TimeSpan now, Seat seat, MemberMessage.Seek seek, IList<SwarmTrackerEffect> effects)
    {
        if (!_users.TryGetValue(seek.User, out Seat? owner)
            || !owner.Offers.TryGetValue(seek.File, out MemberMessage.Offer? offer))
        {
            Tell(now, seat, new HubMessage.Seen(), effects);
            return;
        }

        Dictionary<Seat, int> holders = _holders[offer.Id];
        Tell(now, seat, new HubMessage.Found(offer.Id, offer.Bytes, holders.Count), effects);
        foreach (Seat holder in holders.Keys.OrderBy(holder => holder.Link.Value))
        {
            Tell(now, holder, new HubMessage.Wanted(offer.Id), effects);
        }
    }

    private void OnTick(TimeSpan now, IList<SwarmTrackerEffect> effects)
    {
        _expired.Clear();
        _leases.TakeExpired(now, _expired);
        foreach (LinkId link in _expired)
        {
            Disconnect(link, "nothing heard from it for the length of its lease", effects);
        }

        foreach (Seat seat in _seats.Values)
        {
            if (!seat.IsLent && now - seat.LastTold >= s_aliveInterval)
            {
                Tell(now, seat, new HubMessage.Alive(), effects);
            }
        }
    }

    private Seat SeatOf(LinkId link)
    {
        if (!_seats.TryGetValue(link, out Seat? seat))
        {
            _seats[link] = seat = new Seat(link);
        }

        return seat;
    }

    private void Disconnect(
        LinkId link, string reason, IList<SwarmTrackerEffect> effects, bool isFault = true)
    {
        Remove(link);
        effects.Add(new SwarmTrackerEffect.Disconnect(link, reason, isFault));
    }

    private void Remove(LinkId link)
    {
        _leases.Release(link);
        if (!_seats.Remove(link, out Seat? seat))
        {
            return;
        }

        foreach (string file in seat.Offers.Keys.ToArray())
        {
            Drop(seat, file);
        }

        if (seat.User is { } user && _users.GetValueOrDefault(user) == seat)
        {
            _users.Remove(user);
        }
    }

    private void Drop(Seat seat, string file)
    {
        if (!seat.Offers.Remove(file, out MemberMessage.Offer? offer))
        {
            return;
        }

        Dictionary<Seat, int> holders = _holders[offer.Id];
        if (--holders[seat] == 0)
        {
            holders.Remove(seat);
        }

        if (holders.Count == 0)
        {
            _holders.Remove(offer.Id);
        }
    }

    private static void Tell(TimeSpan now, Seat seat, HubMessage message, IList<SwarmTrackerEffect> effects)
    {
        seat.LastTold = now;
        effects.Add(new SwarmTrackerEffect.ToMember(seat.Link, message));
    }

    /// <summary>
    /// A connection: of a user's machine once it has said so, else of somebody who seeks; or that of a guest, which a
    /// swarm lends.
    /// </summary>
    private sealed class Seat(LinkId link)
    {
        public LinkId Link => link;

        public string? User { get; set; }

        public bool HasSpoken { get; set; }

        public bool IsLent { get; set; }

        public Dictionary<string, MemberMessage.Offer> Offers { get; } = new(StringComparer.Ordinal);

        public TimeSpan LastTold { get; set; }
    }
}
