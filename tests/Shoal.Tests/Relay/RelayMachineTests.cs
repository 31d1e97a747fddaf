using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay;
using Shoal.Tests.Exchange;

namespace Shoal.Tests.Relay;

public sealed class RelayMachineTests
{
    private static readonly Manifest Content = SwarmWords.Content(40);

    [Fact]
    public void A_chunk_that_three_wait_for_is_asked_for_once()
    {
        RelayDesk desk = RelayDesk.With(4, Content);
        desk.Hold(1, Content);

        desk.Request(2, Content.Chunk(0));
        desk.Request(3, Content.Chunk(0));
        RelayEffect.Ask ask = Assert.Single(desk.Asked);
        desk.Upload(ask);
        desk.Request(4, Content.Chunk(0));

        Assert.Equal([2, 3, 4], desk.Delivering.Select(delivery => (int)delivery.Peer.Low));
        desk.Run();
        Assert.Equal(1, desk.AskedTimes[Content.Chunk(0)]);
        Assert.Empty(desk.Kept);
        Assert.Equal(0, desk.BytesInFlight);
    }

    [Fact]
    public void A_chunk_stays_a_little_for_those_who_have_not_asked_yet()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Request(2, Content.Chunk(0));
        desk.Run();

        Assert.Contains(Content.Chunk(0), desk.Kept);
        desk.Tick(RelayMachine.LingerLimit.TotalSeconds);
        Assert.Contains(Content.Chunk(0), desk.Kept);
        desk.Tick(0.25);
        Assert.Empty(desk.Kept);
        Assert.Equal(0, desk.BytesInFlight);
    }

    [Fact]
    public void Of_several_holders_the_one_with_least_to_do_is_asked()
    {
        RelayDesk desk = RelayDesk.With(4, Content);
        desk.Hold(1, Content);
        desk.Hold(2, Content);
        desk.Apply(new RelayEvent.Held(SwarmWords.Peer(3), [Content.Holding(2)]));

        desk.Request(4, [.. Enumerable.Range(0, 12).Select(Content.Chunk)]);

        ImmutableArray<int> asked = [.. Enumerable.Range(1, 3).Select(
            member => desk.Asked.Count(ask => ask.Holder == SwarmWords.Peer(member)))];
        Assert.Equal([6, 5, 1], asked);
    }

    [Fact]
    public void A_chunk_that_nobody_has_is_asked_for_when_somebody_has_it()
    {
        RelayDesk desk = RelayDesk.With(2, Content);
        desk.Request(2, Content.Chunk(7));
        Assert.Empty(desk.Asked);

        desk.Gain(1, Content.Chunk(7));
        Assert.Equal(new RelayEffect.Ask(SwarmWords.Peer(1), Content.Chunk(7)), Assert.Single(desk.Asked));
    }

    [Fact]
    public void What_nobody_ever_named_or_one_has_oneself_is_declined()
    {
        RelayDesk desk = RelayDesk.With(2, Content);
        desk.Hold(2, Content);
        ChunkRef unknown = SwarmWords.Content(1, 9).Chunk(0);

        desk.Request(2, unknown, Content.Chunk(1));

        Assert.Equal([unknown, Content.Chunk(1)], desk.Of<RelayEffect.Decline>().Select(decline => decline.Chunk));
    }

    [Fact]
    public void What_the_last_one_wants_no_longer_is_taken_back_and_goes_if_it_comes_all_the_same()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Request(2, Content.Chunk(0));
        desk.Request(3, Content.Chunk(0));
        RelayEffect.Ask ask = Assert.Single(desk.Asked);

        desk.Cancel(2, Content.Chunk(0));
        Assert.Empty(desk.Of<RelayEffect.TakeBack>());
        desk.Cancel(3, Content.Chunk(0));
        Assert.Single(desk.Of<RelayEffect.TakeBack>());
        Assert.Equal(0, desk.BytesInFlight);

        desk.Upload(ask);
        Assert.Empty(desk.Kept);
    }

    [Fact]
    public void Who_asks_for_too_much_is_refused_and_loses_nothing_for_others()
    {
        Manifest large = SwarmWords.Content(RelayMachine.MostWishes + 1, 5);
        RelayDesk desk = RelayDesk.With(3, large);
        desk.Hold(1, large);
        ChunkRef[] all = [.. Enumerable.Range(0, large.ChunkCount).Select(large.Chunk)];

        desk.Request(2, all[..RelayMachine.MostWishes]);
        Assert.Empty(desk.Of<RelayEffect.Refuse>());
        desk.Request(3, all[0]);
        desk.Request(2, all[^1]);
        Assert.Equal(SwarmWords.Peer(2), Assert.Single(desk.Of<RelayEffect.Refuse>()).Peer);

        desk.Leave(2);
        desk.Run();
        Assert.Equal(0, desk.BytesInFlight);
        Assert.Equal(SwarmWords.Peer(3), Assert.Single(desk.Of<RelayEffect.Deliver>(), To3).Peer);

        static bool To3(RelayEffect.Deliver delivery) => delivery.Peer == SwarmWords.Peer(3);
    }

    [Fact]
    public void A_peer_that_vanishes_takes_its_wishes_along_and_its_chunks_come_from_others()
    {
        RelayDesk desk = RelayDesk.With(4, Content);
        desk.Hold(1, Content);
        desk.Hold(2, Content);
        ChunkRef[] chunks = [.. Enumerable.Range(0, 20).Select(Content.Chunk)];
        desk.Request(3, chunks);
        desk.Request(4, chunks[..5]);
        desk.Upload(desk.Asked[0]);

        desk.Leave(3);
        desk.Leave(1);
        Assert.All(desk.Asked, ask => Assert.Equal(SwarmWords.Peer(2), ask.Holder));
        desk.Run();

        Assert.Equal(5, desk.Of<RelayEffect.Deliver>().Count(delivery => delivery.Peer == SwarmWords.Peer(4)));
        Assert.Equal(0, desk.BytesInFlight);
    }

    [Fact]
    public void A_wrong_chunk_is_blamed_and_comes_from_another_holder()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Hold(2, Content);
        desk.Request(3, Content.Chunk(0));
        RelayEffect.Ask first = Assert.Single(desk.Asked);

        desk.Corrupt(first);

        Assert.Equal(new RelayEffect.Blame(first.Holder, Content.Chunk(0), 1), desk.Of<RelayEffect.Blame>().Single());
        Assert.NotEqual(first.Holder, Assert.Single(desk.Asked).Holder);
        desk.Run();
        Assert.Single(desk.Of<RelayEffect.Deliver>());
    }

    [Fact]
    public void Who_sends_wrong_chunks_is_asked_again_only_so_often()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Request(3, Content.Chunk(0), Content.Chunk(1));
        for (int i = 0; i < SwarmPeer.MostCorruptChunks; i++)
        {
            desk.Corrupt(desk.Asked[0]);
        }

        Assert.Empty(desk.Asked);
        desk.Hold(2, Content);
        Assert.All(desk.Asked, ask => Assert.Equal(SwarmWords.Peer(2), ask.Holder));
        desk.Run();
        Assert.Equal(2, desk.Of<RelayEffect.Deliver>().Count);
    }

    [Fact]
    public void A_holder_that_declines_is_passed_over()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Hold(2, Content);
        desk.Request(3, Content.Chunk(0));
        RelayEffect.Ask first = Assert.Single(desk.Asked);

        desk.Decline((int)first.Holder.Low, Content.Chunk(0));

        Assert.NotEqual(first.Holder, Assert.Single(desk.Asked).Holder);
    }

    [Fact]
    public void A_holder_that_does_not_answer_is_passed_over_for_one_that_has_the_chunk()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        ChunkRef[] chunks = [.. Enumerable.Range(0, 30).Select(Content.Chunk)];
        desk.Request(3, chunks);
        desk.Hold(2, Content);
        Assert.All(desk.Asked, ask => Assert.Equal(SwarmWords.Peer(1), ask.Holder));

        desk.Tick(RelayMachine.AnswerLimit.TotalSeconds);
        Assert.All(desk.Asked, ask => Assert.Equal(SwarmWords.Peer(1), ask.Holder));
        desk.Tick(0.25);
        Assert.All(desk.Asked, ask => Assert.Equal(SwarmWords.Peer(2), ask.Holder));
        desk.Run();

        Assert.Equal(chunks, desk.Of<RelayEffect.Deliver>().Select(delivery => delivery.Chunk).OrderBy(Index));
        static int Index(ChunkRef chunk) => chunk.Index.Value;
    }

    [Fact]
    public void What_comes_late_from_a_holder_that_was_passed_over_is_used()
    {
        RelayDesk desk = RelayDesk.With(3, Content);
        desk.Hold(1, Content);
        desk.Request(3, Content.Chunk(0));
        desk.Hold(2, Content);
        desk.Tick(RelayMachine.AnswerLimit.TotalSeconds + 0.25);
        Assert.Equal(SwarmWords.Peer(2), Assert.Single(desk.Asked).Holder);

        desk.Upload(SwarmWords.Peer(1), Content.Chunk(0));

        Assert.Empty(desk.Asked);
        Assert.Single(desk.Delivering);
        desk.Run();
        Assert.Equal(0, desk.BytesInFlight);
    }

    [Fact]
    public void A_wish_that_is_taken_back_and_made_again_is_met_once()
    {
        RelayDesk desk = RelayDesk.With(2, Content);
        desk.Hold(1, Content);
        for (int i = 0; i < 3; i++)
        {
            desk.Request(2, Content.Chunk(0));
            desk.UploadAll();
            desk.Cancel(2, Content.Chunk(0));
        }

        desk.Request(2, Content.Chunk(0));
        desk.Run();
        Assert.Single(desk.Of<RelayEffect.Deliver>());
        Assert.Equal(0, desk.BytesInFlight);
    }
}
