using Shoal.Core.Lottery;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Lottery;

/// <summary>However often an agency is cut off, its bets are at the hub once each, and it learns who won.</summary>
public sealed class AgencyMachineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cut_off_at_any_moment_it_brings_every_batch_once(bool tells)
    {
        for (ulong randomSeed = 1; randomSeed <= 300; randomSeed++)
        {
            var random = new DeterministicRandom(randomSeed);
            BatchOffer[] file = [.. Enumerable.Range(0, random.Next(12)).Select(_ => RandomBatch(random))];
            var hub = new PlainLottery(agencies: 1);
            var desk = new AgencyDesk(file, hub, tells, randomSeed);
            desk.Begin();
            for (int i = 0; i < 300 && desk.Step(cutOneIn: 8); i++)
            {
                // The next thing happens.
            }

            while (desk.Step(cutOneIn: 0))
            {
                // No more cuts.
            }

            string context = $"random seed {randomSeed}";
            Assert.True(desk.Winners is not null, context);
            Assert.Equal((context, RowsOf(file)), (context, hub.Rows()));
            Assert.Equal(hub.Winners(1), string.Join(' ', desk.Winners));
            Assert.InRange(desk.MostInFlight, 0, 4);
        }
    }

    [Fact]
    public void A_second_life_of_the_process_begins_at_the_first_batch_and_nothing_is_stored_twice()
    {
        var random = new DeterministicRandom(7);
        BatchOffer[] file = [.. Enumerable.Range(0, 10).Select(_ => RandomBatch(random))];
        foreach (bool tells in new[] { true, false })
        {
            for (int steps = 0; steps < 60; steps++)
            {
                var hub = new PlainLottery(agencies: 1);
                var first = new AgencyDesk(file, hub, tells, 1);
                first.Begin();
                for (int i = 0; i < steps && first.Step(cutOneIn: 0); i++)
                {
                    // Until it is killed.
                }

                first.Cut();
                var second = new AgencyDesk(file, hub, tells, 2);
                second.Begin();
                while (second.Step(cutOneIn: 0))
                {
                    // To the end.
                }

                Assert.Equal((steps, RowsOf(file)), (steps, hub.Rows()));
                Assert.NotNull(second.Winners);
            }
        }
    }

    [Fact]
    public void It_keeps_its_window_full_and_closes_only_when_all_is_acked()
    {
        var agency = new AgencyMachine(new AgencyPolicy { Window = 2 }, new DeterministicRandom(1));
        Assert.Equal(["connect"], Words(agency, new AgencyEvent.Begun()));
        Assert.Equal(["rewind 0", "read"], Words(agency, new AgencyEvent.Connected(Stored: null)));
        Assert.Equal(["send 1", "read"], Words(agency, new AgencyEvent.BatchRead(50)));
        Assert.Equal(["send 2"], Words(agency, new AgencyEvent.BatchRead(50)));
        Assert.Equal(["read"], Words(agency, new AgencyEvent.BatchStored(1)));
        Assert.Empty(Words(agency, new AgencyEvent.SourceEnded()));
        Assert.Equal(["close 2 100"], Words(agency, new AgencyEvent.BatchStored(2)));
        Assert.Equal(["ask"], Words(agency, new AgencyEvent.CloseNoted()));
        Assert.Equal(["wait"], Words(agency, new AgencyEvent.NotYet()));
        Assert.Equal(["ask"], Words(agency, new AgencyEvent.Woken()));
        Assert.Equal(["disconnect", "finish"], Words(agency, new AgencyEvent.WinnersTold(["1"])));
        Assert.Empty(Words(agency, new AgencyEvent.Lost("late")));
    }

    [Fact]
    public void It_goes_on_behind_what_the_hub_says_that_it_has()
    {
        var agency = new AgencyMachine(new AgencyPolicy(), new DeterministicRandom(1));
        Words(agency, new AgencyEvent.Begun());
        Assert.Equal(
            ["rewind 150", "read"], Words(agency, new AgencyEvent.Connected(new BroughtCounts(3, 150))));
        Assert.Equal(["send 4", "read"], Words(agency, new AgencyEvent.BatchRead(7)));
        Words(agency, new AgencyEvent.SourceEnded());
        Assert.Equal(["close 4 157"], Words(agency, new AgencyEvent.BatchStored(4)));
    }

    [Fact]
    public void When_all_is_stored_a_cut_makes_it_send_nothing_again()
    {
        var agency = new AgencyMachine(new AgencyPolicy(), new DeterministicRandom(1));
        Words(agency, new AgencyEvent.Begun());
        Words(agency, new AgencyEvent.Connected(Stored: null));
        Words(agency, new AgencyEvent.BatchRead(7));
        Words(agency, new AgencyEvent.SourceEnded());
        Words(agency, new AgencyEvent.BatchStored(1));
        Words(agency, new AgencyEvent.Lost("cut"));
        Words(agency, new AgencyEvent.Woken());
        Assert.Equal(["close 1 7"], Words(agency, new AgencyEvent.Connected(Stored: null)));
        Words(agency, new AgencyEvent.CloseNoted());
        Words(agency, new AgencyEvent.Lost("cut"));
        Words(agency, new AgencyEvent.Woken());
        Assert.Equal(["ask"], Words(agency, new AgencyEvent.Connected(Stored: null)));
    }

    [Fact]
    public void A_refusal_ends_it_and_failures_end_it_after_their_limit()
    {
        var refused = new AgencyMachine(new AgencyPolicy(), new DeterministicRandom(1));
        Words(refused, new AgencyEvent.Begun());
        Words(refused, new AgencyEvent.Connected(Stored: null));
        Assert.Equal(["disconnect", "give up"], Words(refused, new AgencyEvent.Refused("no")));

        var policy = new AgencyPolicy { MostFailures = 20 };
        var failing = new AgencyMachine(policy, new DeterministicRandom(1));
        Words(failing, new AgencyEvent.Begun());
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < policy.MostFailures; i++)
        {
            var effects = new List<AgencyEffect>();
            failing.Apply(new AgencyEvent.Lost("no hub"), effects);
            TimeSpan wait = effects.OfType<AgencyEffect.Wait>().Single().Time;
            Assert.InRange(wait, policy.FirstPause / 2, policy.LongestPause);
            longest = wait > longest ? wait : longest;
            Assert.Equal(["connect"], Words(failing, new AgencyEvent.Woken()));
        }

        Assert.True(longest > policy.LongestPause / 2);
        Assert.Equal(["disconnect", "give up"], Words(failing, new AgencyEvent.Lost("no hub")));
    }

    // Few contents, so that equal batches are common: those are what a replay could mistake for each other.
    private static BatchOffer RandomBatch(DeterministicRandom random)
    {
        int document = 1 + random.Next(3);
        return Bets.Offer(1, new BatchIdentity.First(), [
            .. Enumerable.Range(0, document).Select(i => Bets.Of(1, document + (10 * i), 7574)),
        ]);
    }

    private static string RowsOf(IEnumerable<BatchOffer> file) => string.Concat(
        file.Select(one => System.Text.Encoding.UTF8.GetString(one.Rows.Bytes)));

    private static string[] Words(AgencyMachine agency, AgencyEvent @event)
    {
        var effects = new List<AgencyEffect>();
        agency.Apply(@event, effects);
        return [.. effects.Where(one => one is not AgencyEffect.TellPause).Select(Word)];
    }

    private static string Word(AgencyEffect effect) => effect switch
    {
        AgencyEffect.Connect => "connect",
        AgencyEffect.Disconnect => "disconnect",
        AgencyEffect.Rewind rewind => $"rewind {rewind.Bets}",
        AgencyEffect.ReadBatch => "read",
        AgencyEffect.SendBatch send => $"send {send.Number}",
        AgencyEffect.SendClose close => $"close {close.Counts.Batches} {close.Counts.Bets}",
        AgencyEffect.AskWinners => "ask",
        AgencyEffect.Wait => "wait",
        AgencyEffect.Finish => "finish",
        _ => "give up",
    };
}
