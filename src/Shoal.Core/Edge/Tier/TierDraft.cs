using System.Collections.Immutable;

namespace Shoal.Core.Edge.Tier;

/// <summary>
/// What there is to plan in a live tier at a moment, in the numbers of a demand: which member is which edge or client,
/// and which file is which.
/// </summary>
public sealed class TierDraft
{
    private readonly Dictionary<TierMember, int> _edgeOf = [];
    private readonly Dictionary<TierMember, int> _clientOf = [];
    private readonly Dictionary<int, int> _fileOf = [];

    internal TierDraft(TierCast cast, TierOptions options, int revision)
    {
        Revision = revision;
        TierEdge[] edges = [.. cast.Edges.OrderBy(edge => edge.Name, StringComparer.Ordinal)];
        TierClient[] clients = [.. cast.Clients.OrderBy(client => client.Name, StringComparer.Ordinal)];
        Edges = [.. edges.Select(edge => edge.Member)];
        Clients = [.. clients.Select(client => client.Member)];
        for (int i = 0; i < Edges.Length; i++)
        {
            _edgeOf[Edges[i]] = i;
        }

        for (int i = 0; i < Clients.Length; i++)
        {
            _clientOf[Clients[i]] = i;
        }

        var files = new List<int>();
        ImmutableArray<ImmutableArray<int>> lists =
            [.. clients.Select(client => Count(client.Waiting, files))];
        Count(cast.Edges.SelectMany(edge => edge.Copies), files);
        Count(cast.Flights.Select(flight => flight.File), files);
        Files = [.. files];
        Demand = EdgeDemand.Of(lists, [.. files.Select(cast.SizeOf)]);
        Shape = options.Rates with
        {
            Edges = Edges.Length,
            CapacityKb = 0,
            Capacities = [.. edges.Select(edge => edge.CapacityKb - cast.SpareKb(edge))],
        };
        Options = new EdgePlanOptions
        {
            Steps = options.Steps,
            Order = cast.Clients.All(client => client.Order == ListOrder.Free) ? ListOrder.Free : ListOrder.Kept,
            Prefilled = Holders(cast),
            Carried = [.. cast.Flights.Select(ToLocal)],
            PassesBy = [.. files.Select(cast.PassesBy.Contains)],
        };
    }

    /// <summary>Counts up whenever somebody comes, goes or wants more.</summary>
    public int Revision { get; }

    /// <summary>The edges, in the order of the shape.</summary>
    public ImmutableArray<TierMember> Edges { get; }

    /// <summary>The clients, in the order of the demand.</summary>
    public ImmutableArray<TierMember> Clients { get; }

    /// <summary>The files' numbers in the catalogue, in the order of the demand.</summary>
    public ImmutableArray<int> Files { get; }

    /// <summary>Links and capacities.</summary>
    public EdgeShape Shape { get; }

    /// <summary>What has not started yet.</summary>
    public EdgeDemand Demand { get; }

    /// <summary>What a planner is to be asked.</summary>
    public EdgePlanOptions Options { get; }

    /// <summary>A transfer in the numbers of the demand.</summary>
    public EdgeTransfer ToLocal(TierTransfer transfer) => new(
        transfer.Kind,
        transfer.Kind == TransferKind.Direct ? -1 : _edgeOf[transfer.Edge],
        transfer.Kind == TransferKind.Fill ? -1 : _clientOf[transfer.Client],
        _fileOf[transfer.File]);

    /// <summary>The transfer that the machine means.</summary>
    public TierTransfer ToTier(EdgeTransfer transfer) => new(
        transfer.Kind,
        transfer.Edge < 0 ? default : Edges[transfer.Edge],
        transfer.Client < 0 ? default : Clients[transfer.Client],
        Files[transfer.File]);

    private ImmutableArray<int> Count(IEnumerable<int> wanted, List<int> files)
    {
        var places = ImmutableArray.CreateBuilder<int>();
        foreach (int file in wanted)
        {
            if (_fileOf.TryAdd(file, files.Count))
            {
                files.Add(file);
            }

            places.Add(_fileOf[file]);
        }

        return places.ToImmutable();
    }

    private ImmutableArray<int> Holders(TierCast cast)
    {
        int[] holders = new int[Files.Length];
        Array.Fill(holders, EdgeBoard.Nowhere);
        foreach (TierEdge edge in cast.Edges)
        {
            foreach (int file in edge.Copies)
            {
                holders[_fileOf[file]] = _edgeOf[edge.Member];
            }
        }

        return [.. holders];
    }
}
