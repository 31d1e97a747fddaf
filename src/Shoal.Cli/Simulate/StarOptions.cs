using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Rendering;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Cli.Simulate;

/// <summary>The options that describe a star.</summary>
internal sealed class StarOptions
{
    /// <summary>No file has more chunks.</summary>
    public const int MostChunks = 50_000_000;

    private static readonly ImmutableArray<StarPolicy> s_policies =
        [StarPolicy.Planned, StarPolicy.Greedy, StarPolicy.Rounds];

    private readonly Option<int> _chunks = TypedOption.WithDefault(
        "--chunks", "N", "How many chunks each peer's own file has", WholeNumber.From(0, MostChunks), "3907");

    private readonly Option<LinkCosts> _costs = TypedOption.WithDefault<LinkCosts>(
        "--costs", "CHUNK:MESSAGE,...", "What a chunk and a message take of a peer's link, in ms; a pair a peer",
        LinkCosts.TryParse, "6:0.6,7:0.7,8:0.8,9:0.9");

    private readonly Option<string?> _peersFile = CommonOptions.Text(
        "--peers-file", "FILE", "Costs and chunks of each peer from a JSON file, instead of --costs: "
        + """[{"chunk_ms": 6, "message_ms": 0.6, "chunks": 3907}, ...]""");

    private readonly Option<string> _mode = TypedOption.Choice(
        "--mode", "Whether an upload is good for one delivery, or for all whose request has arrived by its end",
        "strict", "fan-out");

    private readonly Option<string> _policy = TypedOption.Choice(
        "--policy", "Who is asked for what, and when", "planned", "greedy", "rounds", "all");

    private readonly Option<string> _chargeFinished = TypedOption.Choice(
        "--charge-finished", "Whether the message that ends a transfer takes time", "true", "false");

    private readonly Option<ulong> _randomSeed = CommonOptions.RandomSeed("1");

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Option<string?> _trace = CommonOptions.Text(
        "--trace", "FILE", "Write every occupation of a link to a file, a JSON object a line");

    private readonly Option<string?> _gantt = CommonOptions.Text(
        "--gantt", "FILE.svg", "Draw what each link carries when: uploads, downloads, messages, nothing");

    private readonly Option<string?> _check = CommonOptions.Text(
        "--check", "FILE", "Run nothing: judge a trace by every rule of this star, and say what came of it");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        _chunks, _costs, _peersFile, _mode, _policy, _chargeFinished, _randomSeed, _json, _trace, _gantt, _check,
    ];

    /// <summary>What the command line describes.</summary>
    /// <exception cref="UsageException">The parts do not fit together.</exception>
    public StarArguments Bind(ParseResult result)
    {
        CheckCombinations(result);
        StarShape shape = ShapeOf(result) with
        {
            Mode = result.GetValue(_mode) == "strict" ? StarMode.Strict : StarMode.FanOut,
            Finished = result.GetValue(_chargeFinished) == "true" ? FinishedCost.Charged : FinishedCost.Free,
        };
        CheckSize(result, shape);
        return new StarArguments
        {
            Shape = shape,
            Policies = result.GetValue(_policy) == "all"
                ? s_policies
                : [Enum.Parse<StarPolicy>(result.GetValue(_policy)!, ignoreCase: true)],
            RandomSeed = result.GetValue(_randomSeed),
            AsJson = result.GetValue(_json),
            TraceFile = result.GetValue(_trace),
            GanttFile = result.GetValue(_gantt),
            CheckFile = result.GetValue(_check),
            Title = TitleOf(shape),
            Replay = ReplayLine.Of(result, _randomSeed),
        };
    }

    private void CheckCombinations(ParseResult result)
    {
        if (IsGiven(result, _peersFile) && IsGiven(result, _costs))
        {
            throw new UsageException("--peers-file: it says what the links take; leave --costs out.");
        }

        if (IsGiven(result, _check) && (IsGiven(result, _trace) || IsGiven(result, _policy)))
        {
            throw new UsageException("--check: it runs nothing; leave --trace and --policy out.");
        }

        if (result.GetValue(_policy) == "all" && (IsGiven(result, _trace) || IsGiven(result, _gantt)))
        {
            throw new UsageException("--policy: --trace and --gantt show one run; choose one policy for them.");
        }
    }

    private static bool IsGiven(ParseResult result, Option option) =>
        result.GetResult(option) is { Implicit: false };

    private StarShape ShapeOf(ParseResult result)
    {
        int chunks = result.GetValue(_chunks);
        if (result.GetValue(_peersFile) is { } path)
        {
            return StarPeersFile.Read(path, chunks);
        }

        CostModel costs = result.GetValue(_costs).Model;
        return new StarShape { Costs = costs, Chunks = [.. Enumerable.Repeat(chunks, costs.Links.Length)] };
    }

    private void CheckSize(ParseResult result, StarShape shape)
    {
        bool isFile = IsGiven(result, _peersFile);
        Func<string, Exception> refuse =
            isFile ? what => new WorkFailedException(what) : what => new UsageException(what);
        string costs = isFile ? _peersFile.Name : _costs.Name;
        string chunks = isFile ? _peersFile.Name : _chunks.Name;
        if (shape.Chunks.Length > StarShape.MostPeers)
        {
            throw refuse(
                $"{costs}: there are {shape.Chunks.Length} peers; "
                + $"at most {StarShape.MostPeers} can be simulated.");
        }

        if (shape.Transfers > StarShape.MostTransfers)
        {
            throw refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"{chunks}: that would be {shape.Transfers} transfers; "
                + $"at most {StarShape.MostTransfers} can be simulated."));
        }

        if (LongestOf(shape) > long.MaxValue)
        {
            throw refuse(
                $"{costs}: with so many chunks at such costs the clock would overflow.");
        }
    }

    /// <summary>Longer than any run: as if only one link ever carried anything, and the slowest one uploaded.</summary>
    private static Int128 LongestOf(StarShape shape) => shape.Chunks
        .Select((own, i) => (shape.TotalChunks - own)
            * (Int128)StarBound.DeliveryCost(shape.Costs.Links[i], FinishedCost.Charged))
        .Aggregate((Int128)0, (sum, next) => sum + next)
        + ((Int128)(shape.Transfers + shape.TotalChunks) * shape.Costs.Links.Max(StarBound.UploadCost));

    private static string TitleOf(StarShape shape) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Counted.Of(shape.Chunks.Length, "peer")}, {Counted.Of(shape.TotalChunks, "chunk")}, "
        + $"{(shape.Mode == StarMode.Strict ? "strict" : "fan-out")}, "
        + $"finished {(shape.Finished == FinishedCost.Charged ? "charged" : "free")}");
}
