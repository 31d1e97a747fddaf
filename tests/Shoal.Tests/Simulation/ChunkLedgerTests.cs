using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Tests.Simulation;

/// <summary>A checker that cannot fail checks nothing.</summary>
public sealed class ChunkLedgerTests
{
    private readonly SimulatedContents _contents = new(
        [new ScenarioContent(100_000, 16_384, [0]), new ScenarioContent(40_000, 16_384, [1])],
        new DeterministicRandom(1));

    private readonly ChunkLedger _ledger;

    public ChunkLedgerTests()
    {
        _ledger = new ChunkLedger(_contents, 2);
        _ledger.Add(0, 3);
    }

    [Fact]
    public void Chunks_are_numbered_through_all_contents()
    {
        Assert.Equal(10, _contents.ChunkCount);
        for (int i = 0; i < _contents.ChunkCount; i++)
        {
            Assert.Equal(i, _contents.NumberOf(_contents.ChunkAt(i)));
        }

        Assert.Equal(1696, _contents.LengthOf(6));
        Assert.Equal(7, _contents.FirstChunkOf(_contents.Manifests[1].Id));
        Assert.Equal(-1, _contents.NumberOf(new ChunkRef(_contents.Manifests[0].Id, new ChunkIndex(7))));
    }

    [Fact]
    public void Sending_what_one_does_not_have_breaks_a_rule()
    {
        Assert.Equal(3, _ledger.CheckUpload(VirtualTime.Zero, 0, _contents.ChunkAt(3)));
        Assert.Throws<BrokenRuleException>(() => _ledger.CheckUpload(VirtualTime.Zero, 0, _contents.ChunkAt(4)));
        Assert.Throws<BrokenRuleException>(() => _ledger.CheckUpload(VirtualTime.Zero, 1, _contents.ChunkAt(3)));
    }

    [Fact]
    public void Asking_for_what_the_other_does_not_have_breaks_a_rule()
    {
        Check(1, 0, new PeerMessage.Request([_contents.ChunkAt(3)]));
        Assert.Throws<BrokenRuleException>(
            () => Check(1, 0, new PeerMessage.Request([_contents.ChunkAt(3), _contents.ChunkAt(8)])));
    }

    [Fact]
    public void Announcing_what_one_does_not_have_breaks_a_rule()
    {
        var bits = new Bitfield(7);
        bits.Set(3);
        Check(0, 1, new PeerMessage.Have([_contents.ChunkAt(3)]));
        Check(0, 1, new PeerMessage.Hold([new Holding(_contents.Manifests[0].Id, bits)]));
        Assert.Throws<BrokenRuleException>(() => Check(0, 1, new PeerMessage.Have([_contents.ChunkAt(9)])));

        bits.Set(0);
        Assert.Throws<BrokenRuleException>(
            () => Check(0, 1, new PeerMessage.Hold([new Holding(_contents.Manifests[0].Id, bits)])));
    }

    [Fact]
    public void A_folder_tells_what_is_in_the_books()
    {
        Holding holding = _ledger.HoldingOf(0, _contents.Manifests[0]);

        Assert.Equal(1, holding.Chunks.SetCount);
        Assert.True(holding.Chunks[3]);
        Assert.False(_ledger.Add(0, 3));
        Assert.False(_ledger.IsComplete(0));
    }

    private void Check(int from, int to, PeerMessage message) =>
        _ledger.CheckMessage(VirtualTime.Zero, from, to, message);
}
