using Shoal.Core.Time;

namespace Shoal.Core.Edge.Tier;

/// <summary>What came of a live tier so far, in kb and files.</summary>
public sealed class TierTally
{
    private readonly HashSet<int> _distinct = [];
    private readonly SortedDictionary<int, EdgeTally> _edges = [];
    private readonly SortedDictionary<int, ClientTally> _clients = [];
    private readonly HashSet<(TierMember Edge, int File)> _fresh = [];

    /// <summary>What was sent from the origin, begun included.</summary>
    public long OriginKb { get; private set; }

    /// <summary>All files that somebody wants, each once.</summary>
    public long DistinctKb { get; private set; }

    /// <summary>All that is wanted.</summary>
    public long WantedKb { get; private set; }

    /// <summary>What every edge did.</summary>
    public IReadOnlyDictionary<int, EdgeTally> Edges => _edges;

    /// <summary>What every client got.</summary>
    public IReadOnlyDictionary<int, ClientTally> Clients => _clients;

    internal void Want(int kb, int file)
    {
        WantedKb += kb;
        DistinctKb += _distinct.Add(file) ? kb : 0;
    }

    // Who is sent a file while it is filled may say that all is there before the edge does.
    internal void Begin(TierTransfer transfer, int kb)
    {
        OriginKb += transfer.Kind == TransferKind.Delivery ? 0 : kb;
        if (transfer.Kind == TransferKind.Fill)
        {
            _fresh.Add((transfer.Edge, transfer.File));
        }
    }

    internal void Pass(int kb) => OriginKb += kb;

    internal void End(TierTransfer transfer, int kb, VirtualTime? at)
    {
        switch (transfer.Kind)
        {
            case TransferKind.Fill:
                EdgeOf(transfer.Edge).FilledKb += kb;
                break;
            case TransferKind.Delivery:
                EdgeTally edge = EdgeOf(transfer.Edge);
                bool isMiss = _fresh.Remove((transfer.Edge, transfer.File));
                edge.Misses += isMiss ? 1 : 0;
                edge.Hits += isMiss ? 0 : 1;
                edge.SentKb += kb;
                ClientOf(transfer.Client).Get(kb, isDirect: 0, at);
                break;
            default:
                ClientOf(transfer.Client).Get(kb, isDirect: 1, at);
                break;
        }
    }

    private EdgeTally EdgeOf(TierMember member) =>
        _edges.TryGetValue(member.Value, out EdgeTally? tally) ? tally : _edges[member.Value] = new EdgeTally();

    private ClientTally ClientOf(TierMember member) =>
        _clients.TryGetValue(member.Value, out ClientTally? tally) ? tally : _clients[member.Value] = new ClientTally();
}

/// <summary>What an edge of a live tier did.</summary>
public sealed class EdgeTally
{
    /// <summary>Files that it could serve again.</summary>
    public int Hits { get; internal set; }

    /// <summary>Files for which it made a fill.</summary>
    public int Misses { get; internal set; }

    /// <summary>What it received, in kb.</summary>
    public long FilledKb { get; internal set; }

    /// <summary>What it sent, in kb.</summary>
    public long SentKb { get; internal set; }
}

/// <summary>What a client of a live tier got.</summary>
public sealed class ClientTally
{
    /// <summary>How many files.</summary>
    public int Files { get; private set; }

    /// <summary>How many of them came straight from the origin.</summary>
    public int DirectFiles { get; private set; }

    /// <summary>How much, in kb.</summary>
    public long Kb { get; private set; }

    /// <summary>When the last one had ended, by the virtual clock; null: none is kept.</summary>
    public VirtualTime? Finish { get; private set; }

    internal void Get(int kb, int isDirect, VirtualTime? at)
    {
        Files++;
        DirectFiles += isDirect;
        Kb += kb;
        Finish = at;
    }
}
