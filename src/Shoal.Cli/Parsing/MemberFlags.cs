using System.CommandLine;
using Shoal.Cli.Key;
using Shoal.Core.Roster;

namespace Shoal.Cli.Parsing;

/// <summary>The flags of everybody who comes to a hub with a folder.</summary>
/// <param name="folder">What the folder is for.</param>
internal sealed class MemberFlags(string folder)
{
    private readonly Option<EndpointText> _hub = CommonOptions.Hub();
    private readonly Option<string> _folder = new("--dir")
    {
        HelpName = "DIR", Description = folder, Required = true, Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string?> _key = CommonOptions.Key();
    private readonly Option<string?> _name = SwarmName.Option("--name", "The name to have [default: the host name]");

    private readonly Option<EndpointText?> _listen = TypedOption.Optional<EndpointText>(
        "--listen", "ADDR:PORT",
        "Where others connect [default: a free port; only from this machine if the hub is on it]",
        CommonOptions.TryParseAddress);

    private readonly Option<EndpointText?> _advertise = TypedOption.Optional<EndpointText>(
        "--advertise", "HOST:PORT", "The address that others shall dial, where it is not this machine's own",
        CommonOptions.TryParseAddress);

    private readonly Option<string?> _report = CommonOptions.Report();
    private readonly Option<string?> _log = CommonOptions.Log();

    /// <summary>Those that come first.</summary>
    public IEnumerable<Option> First => [_hub, _folder, _key, _name];

    /// <summary>Where others connect.</summary>
    public IEnumerable<Option> Doors => [_listen, _advertise];

    /// <summary>Those that come last.</summary>
    public IEnumerable<Option> Last => [_report, _log];

    /// <summary>What was given.</summary>
    public MemberArguments Bind(ParseResult result, Func<string, string?> environment) => new()
    {
        Hub = result.GetValue(_hub),
        Folder = result.GetRequiredValue(_folder),
        Key = KeySource.From(result.GetValue(_key), environment),
        Name = result.GetValue(_name),
        Listen = result.GetValue(_listen),
        Advertise = result.GetValue(_advertise),
        ReportFile = result.GetValue(_report),
        LogFile = result.GetValue(_log),
    };
}
