using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

public sealed class SwarmPeerTests
{
    private readonly PeerDesk _desk = new();
    private readonly Manifest _mine = SwarmWords.Content(4, 1);
    private readonly Manifest _theirs = SwarmWords.Content(6, 2);

    private static ExchangeReport Report() => new(SwarmWords.At(1), default, BoundSource.Estimated, "", 1, []);

    private void Finish() => _desk.Hub(new HubMessage.Finished(Report()));

    private void StoreAll(int from, Manifest content)
    {
        for (int i = 0; i < content.ChunkCount; i++)
        {
            _desk.Stored(from, content.Chunk(i));
        }
    }

    [Fact]
    public void It_tells_the_hub_all_that_it_has_on_every_connection()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.Stored(2, _theirs.Chunk(0));
        _desk.Now = SwarmWords.At(9);
        _desk.Apply(new SwarmPeerEvent.HubLost());
        _desk.Apply(new SwarmPeerEvent.HubConnected());

        MemberMessage.Join again = _desk.ToldHub<MemberMessage.Join>()[1];
        Assert.Equal(1, again.JoinOrder);
        Assert.Equal(SwarmWords.At(9), again.RunningFor);
        Assert.Equal(2, _desk.ToldHub<MemberMessage.Describe>()[1].Manifests.Length);
        Assert.Equal(5, _desk.ToldHub<MemberMessage.Hold>()[1].Holdings.Sum(holding => holding.Chunks.SetCount));
    }

    [Fact]
    public void It_asks_for_nothing_before_the_start()
    {
        _desk.Apply(new SwarmPeerEvent.FolderRead([], [], []));
        _desk.Hub(new HubMessage.Describe([_theirs]));
        _desk.Apply(new SwarmPeerEvent.PeerConnected(SwarmWords.Peer(2)));
        _desk.From(2, new PeerMessage.Hold([_theirs.Full()]));
        _desk.Pass(5, 2);

        Assert.Empty(_desk.Asked(2));
    }

    [Fact]
    public void It_asks_for_every_chunk_once_and_completes_the_content()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        Assert.Equal(6, _desk.Asked(2).Distinct().Count());
        Assert.Equal(6, _desk.Asked(2).Length);

        StoreAll(2, _theirs);

        Assert.Equal(_theirs.Id, Assert.Single(_desk.All.OfType<SwarmPeerEffect.ContentComplete>()).Content);
        Assert.Equal(6, _desk.ToldHub<MemberMessage.Have>().Sum(have => have.Chunks.Length));
    }

    [Fact]
    public void An_empty_content_is_complete_when_it_is_described()
    {
        Manifest empty = SwarmWords.Content(0L, 3);
        _desk.Begin([_mine], [(2, empty)]);

        Assert.Equal(empty.Id, Assert.Single(_desk.All.OfType<SwarmPeerEffect.ContentComplete>()).Content);
    }

    [Fact]
    public void It_leaves_when_the_hub_says_that_all_have_everything()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        StoreAll(2, _theirs);
        Assert.Null(_desk.Outcome);

        Finish();

        Assert.Empty(Assert.IsType<SwarmOutcome.Complete>(_desk.Outcome).Vanished);
        Assert.Single(_desk.ToldHub<MemberMessage.Leave>());
    }

    [Fact]
    public void It_waits_for_a_vanished_member_as_long_as_its_patience_lasts()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        StoreAll(2, _theirs);
        _desk.Hub(new HubMessage.Gone(SwarmWords.Peer(3), Departure.VanishedIncomplete));
        Finish();
        _desk.Pass(59, 2);
        Assert.Null(_desk.Outcome);

        _desk.Pass(2, 2);

        var outcome = Assert.IsType<SwarmOutcome.Complete>(_desk.Outcome);
        Assert.Equal("peer3", Assert.Single(outcome.Vanished).Name);
    }

    [Fact]
    public void It_does_not_leave_in_the_moment_when_a_vanished_member_comes_back()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        StoreAll(2, _theirs);
        _desk.Hub(new HubMessage.Gone(SwarmWords.Peer(3), Departure.VanishedIncomplete));
        Finish();

        // Time may pass before the hub's next word, that the run goes on.
        _desk.Hub(new HubMessage.Joined(SwarmWords.Member(3)));
        _desk.Pass(1, 2);
        Assert.Null(_desk.Outcome);

        Finish();
        Assert.Empty(Assert.IsType<SwarmOutcome.Complete>(_desk.Outcome).Vanished);
    }

    [Fact]
    public void It_says_what_is_missing_and_who_had_it()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.Stored(2, _theirs.Chunk(0));
        _desk.Apply(new SwarmPeerEvent.PeerLost(SwarmWords.Peer(2)));
        _desk.Hub(new HubMessage.Gone(SwarmWords.Peer(2), Departure.VanishedIncomplete));
        _desk.Hub(new HubMessage.Advance(new SwarmProgress(1, 2, 0, 1, IsSettled: true)));
        _desk.Pass(59);
        Assert.Null(_desk.Outcome);

        _desk.Pass(2);

        MissingContent missing = Assert.Single(Assert.IsType<SwarmOutcome.Incomplete>(_desk.Outcome).Missing);
        Assert.Equal(5, missing.MissingChunks);
        Assert.Equal("of-2", Assert.Single(missing.Names).Value);
        Assert.Equal("peer2", Assert.Single(missing.Holders));
    }

    [Fact]
    public void Stopping_in_the_middle_says_how_much_is_missing()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.Stored(2, _theirs.Chunk(0));
        _desk.Apply(new SwarmPeerEvent.Stop());

        Assert.Equal(5L * SwarmWords.ChunkSize, Assert.IsType<SwarmOutcome.Stopped>(_desk.Outcome).MissingBytes);
    }

    [Fact]
    public void It_serves_what_is_asked_in_order_and_only_what_it_has()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.From(2, new PeerMessage.Request([_mine.Chunk(2), _mine.Chunk(0), _theirs.Chunk(1)]));

        Assert.Equal([_mine.Chunk(2), _mine.Chunk(0)],
            _desk.All.OfType<SwarmPeerEffect.Upload>().Select(upload => upload.Chunk));
        Assert.Equal(_theirs.Chunk(1), Assert.Single(Assert.Single(_desk.Told<PeerMessage.Decline>(2)).Chunks));
    }

    [Fact]
    public void A_cancelled_request_is_not_served()
    {
        Manifest large = SwarmWords.Content(200, 5);
        _desk.Begin([large], []);
        _desk.From(2, new PeerMessage.Request([.. Enumerable.Range(0, 200).Select(large.Chunk)]));
        int given = _desk.All.OfType<SwarmPeerEffect.Upload>().Count();
        Assert.InRange(given, 2, 100);

        _desk.From(2, new PeerMessage.Cancel([.. Enumerable.Range(0, 200).Select(large.Chunk)]));
        for (int i = 0; i < given; i++)
        {
            _desk.Apply(new SwarmPeerEvent.UploadEnded(SwarmWords.Peer(2), large.Chunk(i)));
        }

        Assert.Equal(given, _desk.All.OfType<SwarmPeerEffect.Upload>().Count());
    }

    [Fact]
    public void A_request_out_of_range_costs_its_sender_the_connection()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.From(2, new PeerMessage.Request([new ChunkRef(_mine.Id, new ChunkIndex(4))]));

        Assert.Equal(DisconnectReason.NoSuchChunk, _desk.Disconnected(2));
    }

    [Fact]
    public void A_flood_of_requests_costs_its_sender_the_connection()
    {
        Manifest large = SwarmWords.Content(5000, 5);
        _desk.Begin([large], [(2, _theirs)], members: 3);
        for (int i = 0; i < 5000; i += 1000)
        {
            _desk.From(2, new PeerMessage.Request([.. Enumerable.Range(i, 1000).Select(large.Chunk)]));
        }

        Assert.Equal(DisconnectReason.TooManyRequests, _desk.Disconnected(2));
        Assert.Null(_desk.Disconnected(3));
    }

    [Fact]
    public void A_bitfield_of_the_wrong_length_costs_its_sender_the_connection()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        _desk.From(3, new PeerMessage.Hold([new Holding(_theirs.Id, new Bitfield(7))]));

        Assert.Equal(DisconnectReason.WrongBitfield, _desk.Disconnected(3));
        Assert.Null(_desk.Disconnected(2));
    }

    [Fact]
    public void A_bitfield_that_comes_before_its_description_counts_once_that_is_there()
    {
        Manifest late = SwarmWords.Content(3, 9);
        _desk.Begin([_mine], [(2, _theirs)]);
        _desk.From(2, new PeerMessage.Hold([late.Full()]));
        _desk.From(2, new PeerMessage.Have([late.Chunk(1)]));
        Assert.DoesNotContain(late.Chunk(1), _desk.Asked(2));

        _desk.Hub(new HubMessage.Describe([late]));

        Assert.Contains(late.Chunk(1), _desk.Asked(2));
    }

    [Fact]
    public void A_peer_tells_a_hub_that_forgot_the_run_how_many_take_part()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        _desk.Apply(new SwarmPeerEvent.HubLost());
        _desk.Apply(new SwarmPeerEvent.HubConnected());

        Assert.Equal([0, 3], _desk.ToldHub<MemberMessage.Join>().Select(join => join.Expect));
    }

    [Fact]
    public void Three_corrupt_chunks_cost_their_sender_the_connection_and_it_is_never_asked_again()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        _desk.Corrupt(2, _theirs.Chunk(0));
        _desk.Corrupt(2, _theirs.Chunk(1));
        Assert.Null(_desk.Disconnected(2));

        _desk.Corrupt(2, _theirs.Chunk(2));

        Assert.Equal(DisconnectReason.CorruptChunks, _desk.Disconnected(2));
        Assert.Equal(3, _desk.All.OfType<SwarmPeerEffect.Tell>().Count(tell => tell.Note is SwarmNote.Blamed));
        Assert.Equal(3, _desk.Peer.Tally.ChunksRejected);

        int asked = _desk.Asked(2).Length;
        _desk.Apply(new SwarmPeerEvent.PeerConnected(SwarmWords.Peer(2)));
        _desk.From(2, new PeerMessage.Hold([_theirs.Full()]));
        Assert.Equal(asked, _desk.Asked(2).Length);

        _desk.From(2, new PeerMessage.Request([_mine.Chunk(0)]));
        Assert.Contains(_desk.All, effect => effect is SwarmPeerEffect.Upload upload && upload.Chunk == _mine.Chunk(0));
    }

    [Fact]
    public void A_corrupt_chunk_is_asked_of_somebody_else()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        _desk.From(3, new PeerMessage.Hold([_theirs.Full()]));
        Assert.Empty(_desk.Asked(3));

        _desk.Corrupt(2, _theirs.Chunk(0));

        Assert.Contains(_theirs.Chunk(0), _desk.Asked(3));
    }

    [Fact]
    public void Late_requests_are_taken_to_another_holder()
    {
        _desk.Begin([_mine], [(2, _theirs)], members: 3);
        _desk.From(3, new PeerMessage.Hold([_theirs.Full()]));

        _desk.Pass(5, 2, 3);

        Assert.Equal(6, _desk.Asked(3).Length);
        Assert.Empty(_desk.Asked(2));
    }

    [Fact]
    public void The_chunks_of_a_peer_that_hangs_are_taken_elsewhere()
    {
        Manifest large = SwarmWords.Content(2000, 5);
        _desk.Begin([], [(2, large)], members: 3);
        _desk.From(3, new PeerMessage.Hold([large.Full()]));

        _desk.Pass(6, 3);

        Assert.True(_desk.Asked(3).Length > 10);
    }

    [Fact]
    public void The_requests_to_a_peer_that_is_gone_are_made_again_elsewhere()
    {
        _desk.Begin([], [(2, _theirs)], members: 3);
        _desk.From(3, new PeerMessage.Hold([_theirs.Full()]));

        _desk.Apply(new SwarmPeerEvent.PeerLost(SwarmWords.Peer(2)));

        Assert.Equal(6, _desk.Asked(3).Length);
    }

    [Fact]
    public void A_content_that_changes_here_is_told_to_the_hub_and_makes_the_run_incomplete()
    {
        _desk.Begin([_mine], [(2, _theirs)]);
        StoreAll(2, _theirs);
        _desk.Apply(new SwarmPeerEvent.ContentLost(_mine.Id));
        Finish();

        Assert.Equal(_mine.Id, Assert.Single(_desk.ToldHub<MemberMessage.Lose>()).Content);
        Assert.Equal(_mine.Id, Assert.Single(Assert.IsType<SwarmOutcome.Incomplete>(_desk.Outcome).Missing).Content);
    }

    [Fact]
    public void A_refused_join_ends_it()
    {
        _desk.Apply(new SwarmPeerEvent.FolderRead([], [], []));
        _desk.Apply(new SwarmPeerEvent.HubConnected());
        _desk.Hub(new HubMessage.Refuse("full"));

        Assert.Equal("full", Assert.IsType<SwarmOutcome.Refused>(_desk.Outcome).Reason);
    }

    [Fact]
    public void A_peer_that_stays_does_not_leave()
    {
        var desk = new PeerDesk(new SwarmPeerOptions
        {
            Swarm = "films", Peer = SwarmWords.Peer(1), Name = "peer1", Stay = true,
        });
        desk.Begin([_mine], []);
        desk.Hub(new HubMessage.Finished(Report()));
        desk.Pass(100, 2);
        Assert.Null(desk.Outcome);

        desk.Apply(new SwarmPeerEvent.Stop());

        Assert.IsType<SwarmOutcome.Complete>(desk.Outcome);
    }
}
