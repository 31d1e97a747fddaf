using System.Collections.Immutable;
using System.CommandLine;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Edge;

/// <summary>What origin, edge and client of a tier are all told.</summary>
internal sealed record TierArguments
{
    /// <summary>The hub to connect to.</summary>
    public required EndpointText Hub { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the tier at its hub.</summary>
    public required string Tier { get; init; }

    /// <summary>The key that hub and members share.</summary>
    public required KeySource Key { get; init; }

    /// <summary>The name to have; null: the host name.</summary>
    public string? Name { get; init; }

    /// <summary>Where others connect; null: a free port on every address, or on loopback if the hub is there.</summary>
    public EndpointText? Listen { get; init; }

    /// <summary>The address that others shall dial; null: those of this machine.</summary>
    public EndpointText? Advertise { get; init; }

    /// <summary>How long to wait for an origin.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>The report file, or null.</summary>
    public string? ReportFile { get; init; }

    /// <summary>The log file, or null.</summary>
    public string? LogFile { get; init; }

    /// <summary>The name to have.</summary>
    public string NameHere => Name ?? Environment.MachineName;

    /// <summary>Where to listen; those of a hub on this machine are on this machine too.</summary>
    public EndpointText ListenHere => Listen ?? new EndpointText(Hub.IsLoopback ? Hub.Host : "", 0);

    /// <summary>The addresses that others shall dial; none: those of this machine.</summary>
    public ImmutableArray<EndpointText> Addresses => Advertise is { } address ? [address] : [];
}

/// <summary>The flags that origin, edge and client of a tier all have.</summary>
internal sealed class TierFlags(string folder)
{
    private const string DefaultTier = "tier";

    private readonly Option<EndpointText> _hub = CommonOptions.Hub();
    private readonly Option<string> _folder = new("--dir")
    {
        HelpName = "DIR", Description = folder, Required = true, Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string?> _tier = Named(
        "--tier", $"The name of the tier, where a hub has several [default: {DefaultTier}]");

    private readonly Option<string?> _key = CommonOptions.Key();
    private readonly Option<string?> _name = Named("--name", "The name to have [default: the host name]");

    private readonly Option<EndpointText?> _listen = TypedOption.Optional<EndpointText>(
        "--listen", "ADDR:PORT",
        "Where others connect [default: a free port; only from this machine if the hub is on it]",
        CommonOptions.TryParseAddress);

    private readonly Option<EndpointText?> _advertise = TypedOption.Optional<EndpointText>(
        "--advertise", "HOST:PORT", "The address that others shall dial, where it is not this machine's own",
        CommonOptions.TryParseAddress);

    private readonly Option<Duration> _patience = TypedOption.WithDefault<Duration>(
        "--patience", "TIME", "How long to wait for an origin that is not there", Duration.TryParse, "60");

    private readonly Option<string?> _report = CommonOptions.Report();
    private readonly Option<string?> _log = CommonOptions.Log();

    /// <summary>Those that come first.</summary>
    public IEnumerable<Option> First => [_hub, _folder, _tier, _key, _name];

    /// <summary>Where others connect.</summary>
    public IEnumerable<Option> Doors => [_listen, _advertise];

    /// <summary>How long to wait for an origin.</summary>
    public Option Patience => _patience;

    /// <summary>Those that come last.</summary>
    public IEnumerable<Option> Last => [_report, _log];

    public TierArguments Bind(ParseResult result, Func<string, string?> environment) => new()
    {
        Hub = result.GetValue(_hub),
        Folder = result.GetRequiredValue(_folder),
        Tier = result.GetValue(_tier) ?? DefaultTier,
        Key = KeySource.From(result.GetValue(_key), environment),
        Name = result.GetValue(_name),
        Listen = result.GetValue(_listen),
        Advertise = result.GetValue(_advertise),
        Patience = result.GetValue(_patience).Value,
        ReportFile = result.GetValue(_report),
        LogFile = result.GetValue(_log),
    };

    private static Option<string?> Named(string flag, string description)
    {
        Option<string?> option = CommonOptions.Text(flag, "NAME", description);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && SwarmName.ProblemOf(name) is { } problem)
            {
                result.AddError($"{flag}: {problem}.");
            }
        });
        return option;
    }
}
