using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Edge;

namespace Shoal.Cli.Simulate;

/// <summary>The options that describe an edge tier.</summary>
internal sealed class EdgeOptions
{
    private const int MostFiles = 1_000_000;
    private const int MostSteps = 100_000_000;

    private static readonly ImmutableArray<EdgePolicy> s_policies = [.. Enum.GetValues<EdgePolicy>()];

    private readonly Option<int> _files = TypedOption.WithDefault(
        "--files", "N", "How many files the catalogue has; file n has n kilobits", WholeNumber.From(1, MostFiles),
        "10000");

    private readonly Option<int?> _clients = TypedOption.Optional<int>(
        "--clients", "N", "How many clients; without it 4, or as many as there are lists",
        WholeNumber.From(1, EdgeShape.MostClients));

    private readonly Option<int> _perClient = TypedOption.WithDefault(
        "--per-client", "N", "How many files each wants, drawn at random", WholeNumber.From(0, MostFiles), "1000");

    private readonly Option<int> _edges = TypedOption.WithDefault(
        "--edges", "N", "How many edges", WholeNumber.From(0, EdgeShape.MostEdges), "2");

    private readonly Option<int> _capacity = TypedOption.WithDefault(
        "--capacity-kb", "KB", "What an edge holds at most, in kilobits", WholeNumber.From(0, int.MaxValue), "200000");

    private readonly Option<TierRates> _rates = TypedOption.WithDefault<TierRates>(
        "--rates", "A,B,C", "Mbit/s from origin to client, from origin to edge and from edge to client",
        TierRates.TryParse, "1,2,3");

    private readonly Option<ulong> _randomSeed = CommonOptions.RandomSeed("1");

    private readonly Option<string?> _lists = CommonOptions.Text(
        "--lists", "FILE", "The lists instead of drawn ones: a JSON array of arrays of file numbers");

    private readonly Option<string> _order = TypedOption.Choice(
        "--order", "Whether each client's files start in the order of its list", "kept", "free");

    private readonly Option<bool> _oneDirect = CommonOptions.Flag(
        "--one-direct", "A client has one transfer straight from the origin at a time");

    private readonly Option<bool> _prefill = CommonOptions.Flag(
        "--prefill", "Fill the edges before the clock starts, smallest files first");

    private readonly Option<string> _policy = TypedOption.Choice(
        "--policy", "Who decides what goes which way",
        [.. s_policies.Select(EdgeText.NameOf), "all"]);

    private readonly Option<int> _search = TypedOption.WithDefault(
        "--search", "STEPS", "How many schedules a plan scores: as many, the same plan; 0 is no search",
        WholeNumber.From(0, MostSteps), EdgePlanner.DefaultSteps.ToString(CultureInfo.InvariantCulture));

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Option<string?> _trace = CommonOptions.Text(
        "--trace", "FILE", "Write every transfer and eviction to a file, a JSON object a line");

    private readonly Option<string?> _gantt = CommonOptions.Text(
        "--gantt", "FILE.svg", "Draw what each connection carries when");

    private readonly Option<string?> _make = CommonOptions.Text(
        "--make", "DIR", "Only make what a live run needs: the files that are wanted in DIR/catalogue, and "
        + "DIR/client1.txt and so on with the lists");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _files, _clients, _perClient, _edges, _capacity, _rates, _randomSeed, _lists, _order, _oneDirect, _prefill,
        _policy, _search, _json, _trace, _gantt, _make,
    ];

    /// <summary>What the command line describes.</summary>
    /// <exception cref="UsageException">The parts do not fit together.</exception>
    public EdgeArguments Bind(ParseResult result)
    {
        TierRates rates = result.GetValue(_rates);
        var arguments = new EdgeArguments
        {
            Shape = new EdgeShape
            {
                Edges = result.GetValue(_edges),
                CapacityKb = result.GetValue(_capacity),
                OriginToClient = rates.OriginToClient,
                OriginToEdge = rates.OriginToEdge,
                EdgeToClient = rates.EdgeToClient,
            },
            Files = result.GetValue(_files),
            Clients = result.GetValue(_clients),
            PerClient = result.GetValue(_perClient),
            RandomSeed = result.GetValue(_randomSeed),
            Lists = result.GetValue(_lists),
            IsPrefilled = result.GetValue(_prefill),
            Options = new EdgePlanOptions
            {
                Steps = result.GetValue(_search),
                Order = result.GetValue(_order) == "free" ? ListOrder.Free : ListOrder.Kept,
                Limit = result.GetValue(_oneDirect) ? DirectLimit.One : DirectLimit.None,
            },
            Policies = result.GetValue(_policy) == "all"
                ? s_policies
                : [s_policies.Single(policy => EdgeText.NameOf(policy) == result.GetValue(_policy))],
            AsJson = result.GetValue(_json),
            Trace = result.GetValue(_trace),
            Gantt = result.GetValue(_gantt),
            Make = result.GetValue(_make),
            Rates = rates,
            Replay = result.GetValue(_lists) is null ? ReplayLine.Of(result, _randomSeed) : ReplayLine.Of(result),
        };
        Check(result, arguments);
        return arguments;
    }

    private void Check(ParseResult result, EdgeArguments arguments)
    {
        if (arguments.Policies.Length > 1 && (arguments.Trace ?? arguments.Gantt) is not null)
        {
            string option = arguments.Trace is null ? "--gantt" : "--trace";
            throw new UsageException($"{option}: it shows one run; give one --policy.");
        }

        if (arguments.Lists is not null)
        {
            foreach (Option given in new Option[] { _perClient, _randomSeed })
            {
                if (result.GetResult(given) is { Implicit: false })
                {
                    throw new UsageException($"--lists: the lists are given; leave {given.Name} out.");
                }
            }

            return;
        }

        if (arguments.PerClient > arguments.Files)
        {
            throw new UsageException(
                $"--per-client: there are only {arguments.Files} files; give more --files.");
        }

        long clients = arguments.Clients ?? EdgeLists.DefaultClients;
        if (clients * arguments.PerClient > EdgeDemand.MostRequests)
        {
            throw new UsageException(
                $"--per-client: together the lists would have more than {EdgeDemand.MostRequests} entries.");
        }

        if (clients * arguments.PerClient * arguments.Files > EdgeDemand.MostWantedKb)
        {
            throw new UsageException(
                $"--files: together the clients could want more than {EdgeDemand.MostWantedKb} kb; give fewer files or "
                + "shorter lists.");
        }
    }
}
