using System.CommandLine;
using Shoal.Cli.Frame;

namespace Shoal.Cli.Simulate;

/// <summary>Defines <c>shoal simulate</c>.</summary>
internal static class SimulateCommand
{
    public static Command Create(
        CommandRun<ScenarioArguments> exchange, CommandRun<StarArguments> relay, CommandRun<EdgeArguments> edge,
        CommandScreen screen) => new ShoalCommand(
        "simulate",
        "Runs a job in virtual time, with the very rules of the real one: what would it take?",
        "shoal simulate exchange --peers 16 --size 100MB",
        "shoal simulate edge --policy lru")
    {
        CreateExchange(exchange, screen),
        CreateRelay(relay, screen),
        CreateEdge(edge, screen),
    };

    /// <summary>Defines <c>shoal simulate relay</c>.</summary>
    public static Command CreateRelay(CommandRun<StarArguments> run, CommandScreen screen)
    {
        var options = new StarOptions();
        return new ShoalCommand(
            "relay",
            "Simulates a star: peers that reach each other only through a hub, each with a file that all others want. "
            + "Every chunk and message takes the link of its peer for a time of its own; how long until all have all, "
            + "and how close is that to the least that any schedule could take?",
            "shoal simulate relay --policy all",
            "shoal simulate relay --chunks 100 --mode fan-out --json",
            "shoal simulate relay --chunks 100 --costs 6:0.6,7:0.7,20:2 --trace star.ndjson --gantt star.svg",
            "shoal simulate relay --chunks 100 --costs 6:0.6,7:0.7,20:2 --check star.ndjson")
            .RunBy(options.All, options.Bind, run, screen);
    }

    private static ShoalCommand CreateExchange(CommandRun<ScenarioArguments> run, CommandScreen screen)
    {
        var options = new ScenarioOptions();
        return new ShoalCommand(
            "exchange",
            "Simulates an exchange: how long until every peer has every file, and how close is that to the least that "
            + "the links allow?",
            "shoal simulate exchange --peers 4 --size 500MB --peer 1:up=10Mbit",
            "shoal simulate exchange --peers 16 --size 100MB --peer 9-16:up=20Mbit --policy all",
            "shoal simulate exchange --peers 201 --sources 1 --size 200MiB --chunk 1MiB",
            "shoal simulate exchange --site lab:up=50Mbit,down=50Mbit --peer 1-2:site=lab --json")
            .RunBy(options.All, options.Bind, run, screen);
    }

    /// <summary>Defines <c>shoal simulate edge</c>.</summary>
    public static Command CreateEdge(CommandRun<EdgeArguments> run, CommandScreen screen)
    {
        var options = new EdgeOptions();
        return new ShoalCommand(
            "edge",
            "Simulates bounded caches between one origin and its clients, who say beforehand what they want: how long "
            + "until all have everything, and how close is that to the least that the links allow?",
            "shoal simulate edge --search 1000",
            "shoal simulate edge --files 1000 --per-client 100 --capacity-kb 2000 --search 500 --policy all",
            "shoal simulate edge --order free --prefill --trace edge.ndjson --gantt edge.svg",
            "shoal simulate edge --policy belady --one-direct --json")
            .RunBy(options.All, options.Bind, run, screen);
    }
}
