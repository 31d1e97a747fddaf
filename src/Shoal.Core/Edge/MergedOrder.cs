namespace Shoal.Core.Edge;

/// <summary>
/// One order of all starts: the lists merged by keys, one a request, those of a list from first to last.
/// </summary>
internal sealed class MergedOrder
{
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly int[] _heads;
    private readonly int[] _headKeys;

    /// <summary>Prepares an order of a demand.</summary>
    public MergedOrder(EdgeDemand demand)
    {
        _starts = [.. Enumerable.Range(0, demand.Clients).Select(demand.StartOf)];
        _ends = [.. Enumerable.Range(1, demand.Clients).Select(demand.StartOf)];
        _heads = new int[demand.Clients];
        _headKeys = new int[demand.Clients];
        Requests = new int[demand.Requests];
    }

    /// <summary>The requests in order.</summary>
    public int[] Requests { get; }

    /// <summary>Merges; of equal keys, by client.</summary>
    public void Merge(int[] keys)
    {
        for (int client = 0; client < _heads.Length; client++)
        {
            _heads[client] = _starts[client];
            SetHeadKey(client, keys);
        }

        for (int place = 0; place < Requests.Length; place++)
        {
            int first = 0;
            for (int client = 1; client < _headKeys.Length; client++)
            {
                first = _headKeys[client] < _headKeys[first] ? client : first;
            }

            Requests[place] = _heads[first]++;
            SetHeadKey(first, keys);
        }
    }

    private void SetHeadKey(int client, int[] keys) =>
        _headKeys[client] = _heads[client] < _ends[client] ? keys[_heads[client]] : int.MaxValue;
}
