using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Hub;

/// <summary>Defines <c>shoal hub</c>.</summary>
internal static class HubCommand
{
    private const string DefaultListen = "127.0.0.1:9999";

    public static Command Create(CommandRun<HubArguments> run, CommandScreen screen)
    {
        Option<EndpointText> listen = TypedOption.WithDefault<EndpointText>(
            "--listen", "ADDR:PORT", "Where to listen; 0.0.0.0 or [::] for every address of this machine",
            CommonOptions.TryParseHub, DefaultListen);
        Option<string?> key = CommonOptions.Key();
        Option<bool> open = CommonOptions.Flag(
            "--open", "Let anybody join who reaches the hub; beyond this machine a hub wants --key or this");
        Option<BitRate?> lend = TypedOption.Optional<BitRate>(
            "--lend", "RATE", "Hand chunks on with the hub's own uplink too, up to this rate", BitRate.TryParse);
        var clock = new HubClockOptions();
        var directory = new HubDirectoryOptions();
        Option<EndpointText?> http = CommonOptions.Http(
            "Serve the time here over HTTP (GET /get_time), and the lottery if there is one");
        Option<string?> data = CommonOptions.Data();
        Option<string?> log = CommonOptions.Log();
        var command = new ShoalCommand(
            "hub",
            "Coordinates any number of swarms until SIGINT or SIGTERM. It holds no files: peers move them among "
            + "themselves, and through the hub where they cannot reach each other.",
            "shoal hub                                        # for peers on this machine only",
            "shoal hub --listen 0.0.0.0:9999 --key swarm.key  # for peers that have the key",
            "shoal hub --listen [::]:9999 --open              # for everybody who reaches it",
            "shoal hub --lend 1Gbit                           # help slow peers with the hub's uplink",
            "shoal hub --clock virtual --costs 6:0.6,7:0.7    # two peers, every transfer by a virtual clock",
            "shoal hub --directory 0.0.0.0:9998               # where users find each other's files too")
        {
            listen,
            key,
            open,
            lend,
        };
        clock.AddTo(command);
        directory.AddTo(command);
        var lottery = new HubLotteryOptions(command);
        command.Add(http);
        command.Add(data);
        command.Add(log);
        command.Serves = true;
        command.RunBy(
            result => Check(new HubArguments
            {
                Listen = result.GetValue(listen),
                IsOpen = result.GetValue(open),
                Key = result.GetValue(open) && result.GetValue(key) is null
                    ? KeySource.None
                    : KeySource.From(result.GetValue(key), screen.Variable),
                Lend = result.GetValue(lend),
                Clock = clock.Read(result),
                Directory = directory.Read(result, screen.Variable),
                Lottery = lottery.Read(result),
                Http = result.GetValue(http),
                Data = result.GetValue(data) ?? CommonOptions.DefaultData,
                LogFile = result.GetValue(log),
            }),
            run, screen);
        return command;
    }

    private static HubArguments Check(HubArguments arguments)
    {
        if (arguments is { IsOpen: true, Key.Exists: true })
        {
            throw new UsageException("--open: a hub with --key is not open to everybody; give one of the two.");
        }

        if (arguments is { IsOpen: false, Key.Exists: false } && !arguments.Listen.IsLoopback)
        {
            throw new UsageException(
                $"--listen: {arguments.Listen} can be reached from other machines. Give --key FILE (make one with "
                + $"'shoal key new FILE') or set {KeySource.Variable}, or give --open if anybody may join.");
        }

        if (arguments is { Clock: not null, Lend: not null })
        {
            throw new UsageException("--lend: under a virtual clock the hub costs nothing; leave it out.");
        }

        return arguments;
    }
}
