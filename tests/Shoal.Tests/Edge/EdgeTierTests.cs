using System.Collections.Immutable;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Edge;

/// <summary>A live tier as its origin sees it, in a world where everything can happen at any moment.</summary>
public sealed class EdgeTierTests
{
    [Fact]
    public void Nothing_starts_before_all_are_here_who_are_expected()
    {
        var world = new TierWorld(new TierOptions { ExpectEdges = 1, ExpectClients = 2, Steps = 0 });
        world.AddClient([1, 2]);
        world.AddClient([2]);
        world.Tick();
        Assert.Equal(0, world.Begun);
        world.AddEdge(100);
        world.RunToEnd();
        Assert.True(world.IsComplete);
    }

    [Fact]
    public void By_the_virtual_clock_a_run_takes_what_the_rehearsal_takes_in_whatever_order_files_arrive()
    {
        EdgeDemand demand = Demands.Of([9, 3, 5, 7], [5, 9, 4], [1, 3, 4, 8]);
        var shape = new EdgeShape { CapacityKb = 12 };
        var rehearsal = new EdgeRehearsal(EdgePlanner.Plan(
            shape, demand, new EdgePlanOptions { Steps = 200 }, CancellationToken.None));
        rehearsal.Begin();
        while (rehearsal.TryStep(out _))
        {
        }

        var world = new TierWorld(new TierOptions
        {
            ExpectEdges = 2, ExpectClients = 3, Steps = 200, Clock = TierClock.Virtual,
        });
        world.AddEdge(12);
        world.AddEdge(12);
        world.AddClient([9, 3, 5, 7]);
        world.AddClient([5, 9, 4]);
        world.AddClient([1, 3, 4, 8]);
        world.RunToEnd();
        Assert.Equal(rehearsal.Now, world.CompleteAt);
    }

    [Fact]
    public void An_edge_that_clients_blame_has_to_go()
    {
        var world = new TierWorld(new TierOptions { Steps = 0 });
        world.AddEdge(1000);
        for (int client = 0; client < 6; client++)
        {
            world.AddClient([.. Enumerable.Range(1, 20)]);
        }

        world.FailDeliveries(TierFault.Corrupt);
        world.RunToEnd();
        Assert.Equal(1, world.Parted);
        Assert.True(world.IsComplete);
    }

    [Fact]
    public void A_file_that_is_gone_at_the_origin_is_given_up_everywhere()
    {
        var world = new TierWorld(new TierOptions { Steps = 0 });
        world.AddEdge(1000);
        world.AddClient([3, 4]);
        world.AddClient([4, 3]);
        world.Tick();
        world.Tell(new TierEvent.Replaced(3, 0));
        world.RunToEnd();
        Assert.True(world.IsComplete);
        Assert.DoesNotContain(3, world.HeldByEdges);
    }

    [Fact]
    public void Whoever_wants_nothing_new_of_a_complete_tier_is_told_that_all_is_here()
    {
        var world = new TierWorld(new TierOptions { Steps = 0 });
        world.AddClient([3, 4]);
        world.RunToEnd();
        Assert.True(world.IsComplete);
        world.WantMore([3]);
        Assert.True(world.IsComplete);
    }

    [Fact]
    public void Whoever_comes_or_goes_or_fails_in_the_end_every_client_that_stays_has_everything()
    {
        for (ulong randomSeed = 1; randomSeed <= 300; randomSeed++)
        {
            try
            {
                Play(randomSeed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"random seed {randomSeed}: {e.Message}", e);
            }
        }
    }

    private static void Play(ulong randomSeed)
    {
        var random = new DeterministicRandom(randomSeed);
        var world = new TierWorld(new TierOptions { Steps = random.Next(2) * 60 }, random);
        for (int i = random.Next(4); i > 0; i--)
        {
            world.AddEdge(1 + random.Next(60));
        }

        for (int i = 1 + random.Next(4); i > 0; i--)
        {
            world.AddClient(List(random));
        }

        for (int step = 0; step < 60; step++)
        {
            world.Tick();
            switch (random.Next(15))
            {
                case 0:
                    world.AddEdge(1 + random.Next(60));
                    break;
                case 1:
                    world.RemoveEdge();
                    break;
                case 2:
                    world.AddClient(List(random));
                    break;
                case 3 when world.Clients > 1:
                    world.RemoveClient();
                    break;
                case 4:
                    world.WantMore(List(random));
                    break;
                case 5:
                    world.FailOne((TierFault)random.Next(3));
                    break;
                case 8:
                    world.LoseCopy();
                    break;
                case 6 or 7:
                    world.Ask(1 + random.Next(TierWorld.Files));
                    break;
                default:
                    world.EndOne();
                    break;
            }
        }

        world.RunToEnd();
        Assert.True(world.IsComplete, "somebody waits for ever");
    }

    private static ImmutableArray<int> List(DeterministicRandom random) =>
        EdgeDemand.Draw(random.Next(), TierWorld.Files, 1, random.Next(12))[0];
}
