using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Relay;
using Shoal.Tests.Exchange;

namespace Shoal.Tests.Relay;

/// <summary>Every limit of the relay is reached, and nobody waits for whom it holds up.</summary>
public sealed class RelayLimitTests
{
    private const int Large = 1 << 20;

    [Fact]
    public void No_more_is_asked_for_while_too_much_is_here_that_nobody_has_got()
    {
        Manifest[] contents = [.. Enumerable.Range(1, 40).Select(i => SwarmWords.Content(4L * Large, (ulong)i, Large))];
        RelayDesk desk = RelayDesk.With(41, contents);
        RelayDesk other = RelayDesk.With(41, contents);
        for (int owner = 1; owner <= 40; owner++)
        {
            desk.Hold(owner, contents[owner - 1]);
            desk.Request(41, Chunks(contents[owner - 1]));
        }

        Assert.Equal(RelayMachine.MostFreshBytes, desk.Asked.Count * (long)Large);
        UploadAll(desk);
        Assert.Empty(desk.Asked);
        Assert.Equal(RelayMachine.MostFreshBytes, desk.BytesInFlight);

        // Another swarm has a relay of its own and feels nothing.
        other.Hold(1, contents[0]);
        other.Request(2, contents[0].Chunk(0));
        Assert.Single(other.Asked);

        desk.Deliver(desk.Delivering[0]);
        Assert.Single(desk.Asked);
        desk.Run();
        Assert.Equal(160, desk.Of<RelayEffect.Deliver>().Count);
    }

    [Fact]
    public void A_slow_receiver_misses_chunks_and_slows_nobody_else()
    {
        Manifest content = SwarmWords.Content(200L * Large, 1, Large);
        RelayDesk desk = RelayDesk.With(4, content);
        desk.Hold(1, content);
        desk.Request(2, Chunks(content));
        desk.Request(3, Chunks(content));
        desk.Request(4, Chunks(content));

        desk.Run(stuck: 4);
        desk.Tick(1 + RelayMachine.LingerLimit.TotalSeconds);

        Assert.Equal(200, Delivered(desk, 2));
        Assert.Equal(200, Delivered(desk, 3));
        Assert.Equal(RelayMachine.MostBacklog, desk.BytesInFlight);
        Assert.All(desk.AskedTimes.Values, times => Assert.Equal(1, times));

        // The slow one gets the rest by a second upload, and nothing a third time.
        desk.Run();
        Assert.Equal(200, Delivered(desk, 4));
        Assert.InRange(desk.AskedTimes.Values.Max(), 2, 2);
        Assert.Equal(0, desk.BytesInFlight);
    }

    private static ChunkRef[] Chunks(Manifest content) =>
        [.. Enumerable.Range(0, content.ChunkCount).Select(content.Chunk)];

    private static void UploadAll(RelayDesk desk)
    {
        foreach (RelayEffect.Ask ask in desk.Asked.ToImmutableArray())
        {
            desk.Upload(ask);
        }
    }

    private static int Delivered(RelayDesk desk, int member) => desk.Of<RelayEffect.Deliver>()
        .Where(delivery => delivery.Peer == SwarmWords.Peer(member)).Select(delivery => delivery.Chunk).Distinct()
        .Count();
}
