using Shoal.Core.Edge;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Edge;

public sealed class KeyBendTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_move_changes_one_list_and_can_be_taken_back(bool isOfEnds)
    {
        // One list is empty, one is shorter than what a move of ends takes at most.
        EdgeDemand demand = EdgeDemand.Of(
            [[.. Enumerable.Range(1, 200)], [], [1, 2, 3], [.. Enumerable.Range(50, 90)]]);
        int[] keys = [.. Enumerable.Range(0, demand.Requests).Select(request => request * KeyBend.KeyPerPlace)];
        var bend = new KeyBend(demand, keys, new DeterministicRandom(7));
        for (int move = 0; move < 1000; move++)
        {
            int[] before = [.. keys];
            Move(bend, isOfEnds);
            int[] clients = [.. Enumerable.Range(0, keys.Length).Where(request => keys[request] != before[request])
                .Select(request => demand.ClientOf[request]).Distinct()];
            Assert.InRange(clients.Length, 0, 1);
            if (isOfEnds && clients.Length == 1)
            {
                AssertOnlyItsEndMoved(demand, clients[0], before, keys);
            }

            if (move % 2 == 0)
            {
                bend.Undo();
                Assert.Equal(before, keys);
            }
        }
    }

    private static void Move(KeyBend bend, bool isOfEnds)
    {
        if (isOfEnds)
        {
            bend.ApplyToEnd();
        }
        else
        {
            bend.Apply();
        }
    }

    // At most thirty files, the last ones.
    private static void AssertOnlyItsEndMoved(EdgeDemand demand, int client, int[] before, int[] keys)
    {
        int end = demand.StartOf(client + 1);
        int from = Math.Max(demand.StartOf(client), end - 30);
        Assert.Equal(before[..from], keys[..from]);
        Assert.Equal(before[end..], keys[end..]);
    }
}
