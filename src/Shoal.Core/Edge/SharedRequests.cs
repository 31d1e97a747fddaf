namespace Shoal.Core.Edge;

/// <summary>The requests for files that more than one client wants, and what lies between them.</summary>
internal sealed class SharedRequests
{
    public SharedRequests(EdgeDemand demand)
    {
        Starts = new int[demand.Clients + 1];
        SoleFirst = new int[demand.Clients];
        var requests = new List<int>();
        var after = new List<int>();
        for (int client = 0; client < demand.Clients; client++)
        {
            for (int request = demand.StartOf(client); request < demand.StartOf(client + 1); request++)
            {
                int file = demand.FileOf[request];
                if (demand.WantsOf(file).Length > 1)
                {
                    requests.Add(request);
                    after.Add(0);
                }
                else if (requests.Count == Starts[client])
                {
                    SoleFirst[client] += demand.Sizes[file];
                }
                else
                {
                    after[^1] += demand.Sizes[file];
                }
            }

            Starts[client + 1] = requests.Count;
        }

        Requests = [.. requests];
        Sizes = [.. requests.Select(request => demand.Sizes[demand.FileOf[request]])];
        int[] files = [.. requests.Select(request => demand.FileOf[request]).Distinct()];
        var placeOf = Enumerable.Range(0, files.Length).ToDictionary(place => files[place]);
        Files = [.. requests.Select(request => placeOf[demand.FileOf[request]])];
        SoleAfter = [.. after];
    }

    /// <summary>The requests, client by client, each in the order of its list.</summary>
    public int[] Requests { get; }

    /// <summary>The file of each; only files that more than one client wants count, from 0.</summary>
    public int[] Files { get; }

    /// <summary>The size of each in kb.</summary>
    public int[] Sizes { get; }

    /// <summary>Where those of each client begin, and behind them the end.</summary>
    public int[] Starts { get; }

    /// <summary>The kb that only a client itself wants, before its first.</summary>
    public int[] SoleFirst { get; }

    /// <summary>The same, behind each up to the next.</summary>
    public int[] SoleAfter { get; }
}
