using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Tests.Exchange;

/// <summary>
/// An owner whose uplink is full with sending each of its chunks once sends none twice, though the plan changes and
/// with it who hands on what.
/// </summary>
public sealed class SparedOwnerTests
{
    private readonly PeerDesk _desk = new();
    private readonly Manifest _content = SwarmWords.Content(40, 1);

    /// <summary>
    /// A plan in which <paramref name="owner"/> distributes a part of what it owns, and the others the rest.
    /// </summary>
    private void Follow(int owner, double part = 0) =>
        _desk.Hub(new HubMessage.Follow(new DistributionPlan(2, 0, [.. Enumerable.Range(1, 3).Select(member =>
        {
            double own = member == owner ? _content.Length : 0;
            return new PlanShare(
                SwarmWords.Peer(member), own, member == owner ? part * own : (1 - part) * _content.Length / 2);
        })])));

    private void Request(int peer, params int[] chunks) =>
        _desk.From(peer, new PeerMessage.Request([.. chunks.Select(_content.Chunk)]));

    private void Sent(int peer, int chunk) =>
        _desk.Apply(new SwarmPeerEvent.UploadEnded(SwarmWords.Peer(peer), _content.Chunk(chunk)));

    private IEnumerable<(ulong Peer, int Chunk)> Uploads => _desk.All.OfType<SwarmPeerEffect.Upload>()
        .Select(upload => (upload.To.Low, upload.Chunk.Index.Value));

    private void BeginAsOwner(double part = 0)
    {
        _desk.Begin([_content], [], members: 3);
        _desk.Hub(new HubMessage.Own(SwarmWords.Peer(1), [_content.Id]));
        Follow(owner: 1, part);
        Request(2, 0);
        Request(3, 0, 1);
    }

    [Fact]
    public void What_has_gone_to_one_waits_while_there_is_something_else_to_send()
    {
        BeginAsOwner();
        Assert.Equal([(2, 0), (3, 1)], Uploads);

        Sent(2, 0);
        Assert.DoesNotContain((3UL, 0), Uploads);

        Sent(3, 1);
        Assert.Contains((3UL, 0), Uploads);
    }

    [Fact]
    public void It_waits_for_less_than_a_second()
    {
        BeginAsOwner();
        _desk.Pass(0.75, 2, 3);
        Assert.DoesNotContain((3UL, 0), Uploads);

        _desk.Pass(0.5, 2, 3);
        Assert.Contains((3UL, 0), Uploads);
    }

    [Fact]
    public void It_does_not_go_if_it_is_taken_back_meanwhile()
    {
        BeginAsOwner();
        _desk.From(3, new PeerMessage.Cancel([_content.Chunk(0)]));
        Sent(2, 0);
        Sent(3, 1);
        _desk.Pass(2, 2, 3);

        Assert.DoesNotContain((3UL, 0), Uploads);
    }

    [Fact]
    public void An_owner_that_distributes_its_own_sends_to_everybody_at_once()
    {
        BeginAsOwner(part: 0.5);

        Assert.Equal([(2, 0), (3, 0), (3, 1)], Uploads);
    }

    [Fact]
    public void What_was_asked_of_such_an_owner_is_asked_of_whoever_has_it_first()
    {
        _desk.Begin([], [(2, _content)], members: 3);
        Follow(owner: 2);
        ChunkRef chunk = _desk.Asked(2)[^1];

        _desk.From(3, new PeerMessage.Have([chunk]));

        Assert.DoesNotContain(chunk, _desk.Asked(2));
        Assert.Contains(chunk, _desk.Asked(3));
    }

    [Fact]
    public void Nothing_is_taken_back_for_what_a_neighbour_says_that_is_disconnected_for_it()
    {
        _desk.Begin([], [(2, _content)], members: 3);
        Follow(owner: 2);

        _desk.From(3, new PeerMessage.Have([_desk.Asked(2)[^1], _content.Chunk(_content.ChunkCount)]));

        Assert.Equal(DisconnectReason.NoSuchChunk, _desk.Disconnected(3));
        Assert.Empty(_desk.Told<PeerMessage.Cancel>(2));
    }

    [Fact]
    public void What_was_asked_of_an_owner_that_distributes_its_own_comes_from_there()
    {
        _desk.Begin([], [(2, _content)], members: 3);
        Follow(owner: 2, part: 0.5);
        ChunkRef chunk = _desk.Asked(2)[^1];

        _desk.From(3, new PeerMessage.Have([chunk]));

        Assert.Contains(chunk, _desk.Asked(2));
        Assert.DoesNotContain(chunk, _desk.Asked(3));
    }
}
