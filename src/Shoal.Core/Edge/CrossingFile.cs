namespace Shoal.Core.Edge;

/// <summary>
/// Where a file surely crosses. In cell c (positions gc to gc + g - 1) a file at place i of a list is surely started
/// from the first cell with gc > i, and surely waits up to the last cell with gc + g - 1 &lt;= i.
/// </summary>
internal sealed class CrossingFile
{
    private readonly int[] _clients;
    private readonly int[] _started;
    private readonly int[] _waiting;

    private CrossingFile(int[] clients, int[] started, int[] waiting, int size)
    {
        _clients = clients;
        _started = started;
        _waiting = waiting;
        Size = size;
    }

    public int Size { get; }

    public int Wants => _clients.Length;

    public int Client(int index) => _clients[index];

    public static CrossingFile Of(EdgeDemand demand, int file, int clients, int g, int unit)
    {
        int[] wants = [.. demand.WantsOf(file).ToArray().Where(request => demand.ClientOf[request] < clients)];
        int[] places = [.. wants.Select(request => request - demand.StartOf(demand.ClientOf[request]))];
        return new CrossingFile(
            [.. wants.Select(request => demand.ClientOf[request])], [.. places.Select(place => (place / g) + 1)],
            [.. places.Select(place => ((place + 1) / g) - 1)], demand.Sizes[file] / unit);
    }

    /// <summary>With two who want it: at which cells of the second it crosses, by the cell of the first.</summary>
    public (int From, int End) RangeOfSecond(int first, int width)
    {
        if (first >= _started[0])
        {
            return (0, Math.Min(_waiting[1] + 1, width));
        }

        return first <= _waiting[0] ? (Math.Min(_started[1], width), width) : (0, 0);
    }

    /// <summary>Notes where along a row it begins and ends to cross.</summary>
    /// <param name="steps">What begins to cross at every cell of the last client, less what ends.</param>
    /// <param name="at">The cells of all clients but the last.</param>
    public void AddTo(int[] steps, ReadOnlySpan<int> at)
    {
        bool isStarted = false;
        bool isWaiting = false;
        int width = steps.Length - 1;
        int lastStarted = width;
        int lastWaiting = -1;
        for (int i = 0; i < _clients.Length; i++)
        {
            if (_clients[i] == at.Length)
            {
                lastStarted = Math.Min(_started[i], width);
                lastWaiting = Math.Min(_waiting[i], width - 1);
            }
            else
            {
                isStarted |= at[_clients[i]] >= _started[i];
                isWaiting |= at[_clients[i]] <= _waiting[i];
            }
        }

        if (isStarted || isWaiting)
        {
            steps[isStarted ? 0 : lastStarted] += Size;
            steps[isWaiting ? width : lastWaiting + 1] -= Size;
        }
    }
}
