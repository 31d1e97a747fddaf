namespace Shoal.Core.Exchange;

/// <summary>
/// Takes the edges out of a tree whose ends cannot reach each other: the lower end changes parents with another peer,
/// as deep as itself if there is one, and both take along what is below them. So everybody hands on as often as before,
/// and two edges are new. Where nobody can change with it the edge stays, and the relay stands in for it.
/// </summary>
/// <param name="parent">The parent of each peer; -1 for the root.</param>
/// <param name="isWalled">Whether two peers cannot reach each other.</param>
internal sealed class TreeMender(int[] parent, Func<int, int, bool> isWalled)
{
    public void Mend()
    {
        for (int peer = 0; peer < parent.Length; peer++)
        {
            if (parent[peer] >= 0 && isWalled(peer, parent[peer]) && FindPartner(peer) is >= 0 and int partner)
            {
                (parent[peer], parent[partner]) = (parent[partner], parent[peer]);
            }
        }
    }

    private int FindPartner(int peer)
    {
        int depth = DepthOf(peer);
        int found = -1;
        for (int step = 1; step < parent.Length; step++)
        {
            int other = (peer + step) % parent.Length;
            if (parent[other] < 0 || parent[other] == parent[peer] || isWalled(peer, parent[other])
                || isWalled(other, parent[peer]) || IsBelow(other, peer) || IsBelow(peer, other))
            {
                continue;
            }

            if (DepthOf(other) == depth)
            {
                return other;
            }

            found = found < 0 ? other : found;
        }

        return found;
    }

    private int DepthOf(int peer)
    {
        int depth = 0;
        for (; parent[peer] >= 0; peer = parent[peer])
        {
            depth++;
        }

        return depth;
    }

    private bool IsBelow(int peer, int other)
    {
        for (; peer >= 0; peer = parent[peer])
        {
            if (peer == other)
            {
                return true;
            }
        }

        return false;
    }
}
