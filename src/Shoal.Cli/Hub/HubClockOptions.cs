using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Relay.Star;

namespace Shoal.Cli.Hub;

/// <summary>The options of <c>shoal hub</c> that are about the system clock.</summary>
internal sealed class HubClockOptions
{
    private readonly Option<string> _clock = TypedOption.Choice(
        "--clock",
        "The clock of a run: the one on the wall, or a virtual one by which the hub orders every transfer; its members "
        + "then join with --relay always, and --expect as many as --costs names",
        "wall", "virtual");

    private readonly Option<LinkCosts?> _costs = TypedOption.Optional<LinkCosts>(
        "--costs", "CHUNK:MESSAGE,...",
        "What a chunk and a message take of each peer's link, in virtual milliseconds, in the order of joining",
        LinkCosts.TryParse);

    private readonly Option<string> _mode = TypedOption.Choice(
        "--mode", "For how many deliveries one upload is good under a virtual clock: for one, or for all who wait",
        "strict", "fan-out");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_clock);
        command.Add(_costs);
        command.Add(_mode);
    }

    /// <summary>What they say; null: the hub keeps no clock.</summary>
    public StarHubOptions? Read(ParseResult result)
    {
        LinkCosts? costs = result.GetValue(_costs);
        if (result.GetValue(_clock) == "wall")
        {
            if (costs is not null)
            {
                throw new UsageException("--costs: the clock on the wall has none; give --clock virtual too.");
            }

            return result.GetResult(_mode) is { Implicit: false }
                ? throw new UsageException("--mode: it is for a virtual clock; give --clock virtual too.") : null;
        }

        if (costs is not { } known)
        {
            throw new UsageException(
                "--clock: a virtual clock needs to know what links take; give --costs, for example 6:0.6,7:0.7.");
        }

        StarMode mode = result.GetValue(_mode) == "strict" ? StarMode.Strict : StarMode.FanOut;
        return new StarHubOptions { Costs = known.Model, Mode = mode };
    }
}
