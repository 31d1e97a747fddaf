using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

public sealed class OfferBookTests
{
    private static readonly OfferId s_film = new(new Digest([1, .. new byte[31]]));
    private static readonly OfferId s_other = new(new Digest([2, .. new byte[31]]));

    private readonly OfferBook _book = new(TimeSpan.FromSeconds(6));
    private readonly List<SwarmTrackerEffect> _effects = [];
    private TimeSpan _now;

    [Fact]
    public void Whoever_seeks_learns_what_it_is_and_all_who_have_the_same_are_called()
    {
        Enlist(1, "anna", "film.avi");
        Enlist(2, "bert", "copy.avi");
        Enlist(3, "carl", "other.avi", s_other);
        SwarmTrackerEffect[] effects = Say(9, new MemberMessage.Seek("anna", "film.avi"));
        Assert.Equal(new HubMessage.Found(s_film, 1000, 2), ToldTo(9, effects));
        Assert.Equal(new HubMessage.Wanted(s_film), ToldTo(1, effects));
        Assert.Equal(new HubMessage.Wanted(s_film), ToldTo(2, effects));
        Assert.Equal(3, effects.Length);
    }

    [Theory]
    [InlineData("anna", "other.avi")]
    [InlineData("dora", "film.avi")]
    public void What_nobody_offers_is_not_found(string user, string file)
    {
        Enlist(1, "anna", "film.avi");
        SwarmTrackerEffect[] effects = Say(9, new MemberMessage.Seek(user, file));
        Assert.IsType<HubMessage.Seen>(ToldTo(9, effects));
        Assert.Single(effects);
    }

    [Fact]
    public void What_is_withdrawn_here_or_at_the_directory_is_offered_no_longer()
    {
        Enlist(1, "anna", "film.avi");
        Say(1, new MemberMessage.Withdraw("film.avi"));
        Say(1, new MemberMessage.Withdraw("film.avi"));
        Assert.IsType<HubMessage.Seen>(ToldTo(9, Say(9, new MemberMessage.Seek("anna", "film.avi"))));
        Say(1, new MemberMessage.Offer("film.avi", s_film, 1000));
        Apply(new SwarmTrackerEvent.Withdrawn("anna", "film.avi"));
        Assert.IsType<HubMessage.Seen>(ToldTo(9, Say(9, new MemberMessage.Seek("anna", "film.avi"))));
    }

    [Fact]
    public void A_name_that_means_something_else_now_is_only_that()
    {
        Enlist(1, "anna", "film.avi");
        Say(1, new MemberMessage.Offer("film.avi", s_other, 5));
        Assert.Equal(
            new HubMessage.Found(s_other, 5, 1), ToldTo(9, Say(9, new MemberMessage.Seek("anna", "film.avi"))));
    }

    [Fact]
    public void The_same_under_two_names_is_one_source()
    {
        Enlist(1, "anna", "film.avi");
        Say(1, new MemberMessage.Offer("copy.avi", s_film, 1000));
        Assert.Equal(
            new HubMessage.Found(s_film, 1000, 1), ToldTo(9, Say(9, new MemberMessage.Seek("anna", "copy.avi"))));
        Say(1, new MemberMessage.Withdraw("copy.avi"));
        Assert.Equal(
            new HubMessage.Found(s_film, 1000, 1), ToldTo(9, Say(9, new MemberMessage.Seek("anna", "film.avi"))));
    }

    [Fact]
    public void Nothing_is_left_of_a_user_who_is_gone()
    {
        Enlist(1, "anna", "film.avi");
        Enlist(2, "bert", "copy.avi");
        Apply(new SwarmTrackerEvent.LinkLost(new LinkId(1)));
        Assert.Equal(
            new HubMessage.Found(s_film, 1000, 1), ToldTo(9, Say(9, new MemberMessage.Seek("bert", "copy.avi"))));
        SwarmTrackerEffect gone = Assert.Single(Apply(new SwarmTrackerEvent.Withdrawn("bert", null)));
        Assert.Equal(new LinkId(2), Assert.IsType<SwarmTrackerEffect.Disconnect>(gone).Link);
        Assert.Equal(0, _book.UserCount);
        Assert.IsType<HubMessage.Seen>(ToldTo(9, Say(9, new MemberMessage.Seek("bert", "copy.avi"))));
    }

    [Fact]
    public void A_machine_that_connects_again_takes_the_place_of_its_older_connection()
    {
        Enlist(1, "anna", "film.avi");
        SwarmTrackerEffect older = Assert.Single(Say(2, new MemberMessage.Enlist("anna", 7000)));
        Assert.Equal(new LinkId(1), Assert.IsType<SwarmTrackerEffect.Disconnect>(older).Link);
        Apply(new SwarmTrackerEvent.LinkLost(new LinkId(1)));
        Assert.Equal(1, _book.UserCount);
        Assert.IsType<HubMessage.Seen>(ToldTo(9, Say(9, new MemberMessage.Seek("anna", "film.avi"))));
    }

    [Fact]
    public void Nobody_becomes_a_user_after_the_first_word()
    {
        Say(1, new MemberMessage.Seek("anna", "film.avi"));
        Assert.IsType<SwarmTrackerEffect.Disconnect>(Assert.Single(Say(1, new MemberMessage.Enlist("anna", 7000))));
        Assert.IsType<SwarmTrackerEffect.Disconnect>(
            Assert.Single(Say(2, new MemberMessage.Offer("film.avi", s_film, 1000))));
        Assert.Equal(0, _book.UserCount);
    }

    [Fact]
    public void Who_says_nothing_is_disconnected_and_who_says_something_hears_something()
    {
        Enlist(1, "anna", "film.avi");
        Enlist(2, "bert", "copy.avi");
        for (int second = 0; second < 10; second++)
        {
            _now += TimeSpan.FromSeconds(1);
            Say(2, new MemberMessage.Alive());
            SwarmTrackerEffect[] effects = Apply(new SwarmTrackerEvent.Tick());
            Assert.IsType<HubMessage.Alive>(ToldTo(2, effects));
        }

        Assert.Equal(1, _book.UserCount);
    }

    [Fact]
    public void One_offer_too_many_costs_the_connection()
    {
        Say(1, new MemberMessage.Enlist("anna", 7000));
        for (int i = 0; i < OfferBook.MostOffers; i++)
        {
            Assert.Empty(Say(1, new MemberMessage.Offer($"{i}", s_film, 1)));
        }

        Assert.Empty(Say(1, new MemberMessage.Offer("7", s_other, 1)));
        Assert.IsType<SwarmTrackerEffect.Disconnect>(Assert.Single(Say(1, new MemberMessage.Offer("more", s_film, 1))));
        Assert.Equal(0, _book.UserCount);
    }

    [Fact]
    public void A_swarm_of_an_offer_takes_the_entries_of_the_offer_and_no_others()
    {
        Manifest content = SwarmWords.Content(1, 4);
        var offer = OfferId.Of(OfferId.FileOf(content.Id));
        var tracker = new SwarmTracker(new SwarmTrackerOptions { Swarm = offer.Swarm, Offer = offer });
        var link = new LinkId(1);
        tracker.Apply(_now, new SwarmTrackerEvent.FromMember(link, new MemberMessage.Join(
            offer.Swarm, SwarmWords.Peer(1), "anna", [], default, 0, 0, null, null)), _effects);
        tracker.Apply(
            _now, new SwarmTrackerEvent.FromMember(link, new MemberMessage.Describe([content])), _effects);
        tracker.Apply(_now, new SwarmTrackerEvent.FromMember(link, new MemberMessage.Share(
            SwarmWords.Peer(1), "anna", OfferId.FileOf(content.Id))), _effects);
        Assert.DoesNotContain(_effects, effect => effect is SwarmTrackerEffect.Disconnect);
        tracker.Apply(_now, new SwarmTrackerEvent.FromMember(link, new MemberMessage.Share(
            SwarmWords.Peer(1), "anna", [content.File("junk")])), _effects);
        Assert.Contains(_effects, effect => effect is SwarmTrackerEffect.Disconnect);
    }

    [Fact]
    public void What_an_offer_is_comes_back_with_another_source_when_the_only_one_has_lost_it()
    {
        Manifest film = SwarmWords.Content(4, 1);
        ImmutableArray<SharedEntry> entries = OfferId.FileOf(film.Id);
        var desk = new TrackerDesk(OfferId.Of(entries).Swarm);
        desk.Join(1);
        desk.Say(1, new MemberMessage.Ready());
        desk.Join(2);
        Bring(2);
        desk.Say(2, new MemberMessage.Ready());

        // On its way, and has not yet said that it has it.
        desk.Join(3);
        desk.Say(2, new MemberMessage.Lose(film.Id));
        Assert.Equal(film.Id, Assert.Single(desk.Told<HubMessage.Lost>(1)).Content);
        Assert.Empty(desk.Told<HubMessage.Lost>(3));
        Bring(3);
        desk.Say(3, new MemberMessage.Ready());
        Assert.Equal(SwarmWords.Peer(3), desk.Told<HubMessage.Own>(1)[^1].Owner);

        // Whoever comes now is told of it.
        desk.Join(4);
        Assert.Equal(film.Id, Assert.Single(Assert.Single(desk.Told<HubMessage.Describe>(4)).Manifests).Id);
        Assert.All(desk.Told<HubMessage.Share>(4), share => Assert.Equal(entries, share.Entries));

        void Bring(int member)
        {
            desk.Say(member, new MemberMessage.Describe([film]));
            desk.Say(member, new MemberMessage.Share(SwarmWords.Peer(member), $"peer{member}", entries));
            desk.Say(member, new MemberMessage.Hold([film.Full()]));
        }
    }

    private void Enlist(long link, string user, string file, OfferId? offer = null)
    {
        Say(link, new MemberMessage.Enlist(user, 7000));
        Say(link, new MemberMessage.Offer(file, offer ?? s_film, 1000));
    }

    private SwarmTrackerEffect[] Say(long link, MemberMessage message) =>
        Apply(new SwarmTrackerEvent.FromMember(new LinkId(link), message));

    private SwarmTrackerEffect[] Apply(SwarmTrackerEvent @event)
    {
        _effects.Clear();
        _book.Apply(_now, @event, _effects);
        return [.. _effects];
    }

    private static HubMessage ToldTo(long link, SwarmTrackerEffect[] effects) => Assert.Single(
        effects.OfType<SwarmTrackerEffect.ToMember>(), effect => effect.Link == new LinkId(link)).Message;
}
