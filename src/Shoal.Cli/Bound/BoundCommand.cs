using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Simulate;

namespace Shoal.Cli.Bound;

/// <summary>Defines <c>shoal bound</c>.</summary>
internal static class BoundCommand
{
    public static Command Create(CommandRun<ScenarioArguments> run, CommandScreen screen)
    {
        var options = new ScenarioOptions();
        return new ShoalCommand(
            "bound",
            "Says at once when an exchange can be finished at best, and what limits it. Takes what 'simulate exchange' "
            + "takes.",
            "shoal bound --peers 4 --size 500MB --peer 1:up=10Mbit",
            "shoal bound --peers 16 --size 100MB --up 20Mbit --hub-up 1Gbit",
            "shoal bound --peers 16 --size 100MB --hub-up 1Gbit --relay")
            .RunBy(options.All, options.Bind, run, screen);
    }
}
