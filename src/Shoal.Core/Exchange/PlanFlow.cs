namespace Shoal.Core.Exchange;

/// <summary>
/// A flow of bytes from owners to distributors along allowed cells, grown along shortest augmenting paths (Edmonds and
/// Karp, 1972). Owners deal their own bytes themselves where they may, and pass them to others only to make room.
/// </summary>
internal sealed class PlanFlow
{
    private const double Rounding = 1e-12;

    private readonly bool[,] _isAllowed;
    private readonly double[] _left;
    private readonly double[] _used;
    private readonly double _least;

    public PlanFlow(double[] supplies, bool[,] isAllowed)
    {
        _isAllowed = isAllowed;
        _left = [.. supplies];
        _used = new double[supplies.Length];
        _least = supplies.Sum() * Rounding;
        Amounts = [.. supplies.Select(_ => new double[supplies.Length])];
    }

    /// <summary>Bytes by owner and distributor.</summary>
    public double[][] Amounts { get; }

    /// <summary>Whether every byte has a distributor.</summary>
    public bool IsComplete => Array.TrueForAll(_left, left => left <= _least);

    /// <summary>Deals as much as fits into the distributors' room.</summary>
    public void Augment(double[] room)
    {
        for (int peer = 0; peer < room.Length; peer++)
        {
            if (_isAllowed[peer, peer])
            {
                Move(peer, peer, Math.Min(_left[peer], Math.Max(0, room[peer] - _used[peer])));
            }
        }

        while (TryFindPath(room, out int[] ownerBefore, out int[] distributorBefore, out int end))
        {
            Push(room, ownerBefore, distributorBefore, end);
        }
    }

    /// <summary>
    /// From any owner with bytes left to any distributor with room, by way of distributors who pass bytes on.
    /// </summary>
    private bool TryFindPath(double[] room, out int[] ownerBefore, out int[] distributorBefore, out int end)
    {
        int count = room.Length;
        ownerBefore = new int[count];
        distributorBefore = new int[count];
        Array.Fill(ownerBefore, -1);
        Array.Fill(distributorBefore, -2);
        var owners = new Queue<int>();
        for (int owner = 0; owner < count; owner++)
        {
            if (_left[owner] > _least)
            {
                distributorBefore[owner] = -1;
                owners.Enqueue(owner);
            }
        }

        while (owners.TryDequeue(out int owner))
        {
            for (int step = 0; step < count; step++)
            {
                int distributor = (owner + step) % count;
                if (!_isAllowed[owner, distributor] || ownerBefore[distributor] >= 0)
                {
                    continue;
                }

                ownerBefore[distributor] = owner;
                if (room[distributor] - _used[distributor] > _least)
                {
                    end = distributor;
                    return true;
                }

                for (int other = 0; other < count; other++)
                {
                    if (distributorBefore[other] == -2 && Amounts[other][distributor] > _least)
                    {
                        distributorBefore[other] = distributor;
                        owners.Enqueue(other);
                    }
                }
            }
        }

        end = -1;
        return false;
    }

    private void Push(double[] room, int[] ownerBefore, int[] distributorBefore, int end)
    {
        double bytes = room[end] - _used[end];
        int first = ownerBefore[end];
        for (int through = distributorBefore[first]; through >= 0; through = distributorBefore[first])
        {
            bytes = Math.Min(bytes, Amounts[first][through]);
            first = ownerBefore[through];
        }

        bytes = Math.Min(bytes, _left[first]);
        _left[first] -= bytes;
        _used[end] += bytes;
        for (int at = end; ;)
        {
            int owner = ownerBefore[at];
            Amounts[owner][at] += bytes;
            if (distributorBefore[owner] < 0)
            {
                return;
            }

            at = distributorBefore[owner];
            Amounts[owner][at] -= bytes;
        }
    }

    private void Move(int owner, int distributor, double bytes)
    {
        _left[owner] -= bytes;
        _used[distributor] += bytes;
        Amounts[owner][distributor] += bytes;
    }
}
