using Shoal.Core.Content;
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
        RelayDesk desk = RelayDesk.With(48, contents);
        RelayDesk other = RelayDesk.With(48, contents);
        for (int owner = 1; owner <= 40; owner++)
        {
            desk.Hold(owner, contents[owner - 1]);
            foreach (int receiver in Enumerable.Range(41, 8))
            {
                desk.Request(receiver, Chunks(contents[owner - 1])[((receiver - 41) / 2)]);
            }
        }

        Assert.Equal(RelayMachine.MostFreshBytes, desk.Asked.Count * (long)Large, 2.0 * Large);
        desk.UploadAll();
        Assert.Empty(desk.Asked);
        Assert.InRange(desk.BytesInFlight, RelayMachine.MostFreshBytes - (2 * Large), RelayMachine.MostFreshBytes);

        // Another swarm has a relay of its own and feels nothing.
        other.Hold(1, contents[0]);
        other.Request(2, contents[0].Chunk(0));
        Assert.Single(other.Asked);

        desk.Deliver(desk.Delivering[0]);
        Assert.NotEmpty(desk.Asked);
        desk.Run();
        Assert.Equal(320, desk.Of<RelayEffect.Deliver>().Count);
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

    [Fact]
    public void Receivers_that_take_nothing_leave_room_for_the_one_that_does()
    {
        Manifest[] contents = [.. Enumerable.Range(1, 4).Select(i => SwarmWords.Content(60L * Large, (ulong)i, Large))];
        RelayDesk desk = RelayDesk.With(6, contents);
        desk.Hold(1, contents);
        desk.Request(2, Chunks(contents[0]));
        desk.Request(3, Chunks(contents[1]));
        desk.Request(4, Chunks(contents[2]));
        desk.Run(stuck: [2, 3, 4]);
        Assert.InRange(desk.BytesInFlight, 1, RelayMachine.MostFreshBytes - 1);

        desk.Request(5, Chunks(contents[3]));
        desk.Run(stuck: [2, 3, 4]);
        Assert.Equal(60, Delivered(desk, 5));

        desk.Run();
        Assert.All([2, 3, 4], member => Assert.Equal(60, Delivered(desk, member)));
        desk.Tick(1 + RelayMachine.LingerLimit.TotalSeconds);
        Assert.Equal(0, desk.BytesInFlight);
    }

    [Fact]
    public void Holders_that_are_late_leave_room_for_those_that_send()
    {
        Manifest[] contents =
            [.. Enumerable.Range(1, 42).Select(i => SwarmWords.Content(20L * Large, (ulong)i, Large))];
        RelayDesk desk = RelayDesk.With(43, contents);
        for (int owner = 1; owner <= 42; owner++)
        {
            desk.Hold(owner, contents[owner - 1]);
        }

        for (int owner = 1; owner <= 41; owner++)
        {
            desk.Request(43, Chunks(contents[owner - 1]));
        }

        Assert.NotEmpty(desk.Asked);
        for (int i = 0; i < 20; i++)
        {
            desk.Tick(RelayMachine.AnswerLimit.TotalSeconds + 1);
        }

        Assert.Equal(RelayMachine.MostLateBytes, desk.Asked.Count(IsLate) * (long)Large);
        desk.Request(43, Chunks(contents[41]));
        while (desk.Asked.Find(ask => !IsLate(ask)) is { } ask)
        {
            desk.Upload(ask);
            desk.DeliverAll();
        }

        Assert.Equal(20, Delivered(desk, 43));
        desk.Run();
        Assert.Equal(42 * 20, Delivered(desk, 43));

        static bool IsLate(RelayEffect.Ask ask) => ask.Holder != SwarmWords.Peer(42);
    }

    private static ChunkRef[] Chunks(Manifest content) =>
        [.. Enumerable.Range(0, content.ChunkCount).Select(content.Chunk)];

    private static int Delivered(RelayDesk desk, int member) => desk.Of<RelayEffect.Deliver>()
        .Where(delivery => delivery.Peer == SwarmWords.Peer(member)).Select(delivery => delivery.Chunk).Distinct()
        .Count();
}
