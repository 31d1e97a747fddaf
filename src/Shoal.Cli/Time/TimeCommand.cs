using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Time;

/// <summary>Defines <c>shoal time</c>.</summary>
internal static class TimeCommand
{
    private const int DefaultPort = 5000;

    public static Command Create(CommandRun<TimeArguments> run, CommandScreen screen)
    {
        Option<EndpointText> listen = TypedOption.WithDefault<EndpointText>(
            "--listen", "ADDR:PORT", "Where to listen for HTTP", TryParseListen, $"127.0.0.1:{DefaultPort}");
        Option<string?> log = CommonOptions.Log();
        var command = new ShoalCommand(
            "time",
            "Tells a directory's users the time until SIGINT or SIGTERM: GET /get_time returns dd/mm/yyyy hh:mm:ss. A "
            + "hub's HTTP door serves the same.",
            "shoal time                        # on this machine only",
            "shoal time --listen 0.0.0.0:5000")
        {
            listen,
            log,
        };
        command.Serves = true;
        command.RunBy(
            result => new TimeArguments(result.GetValue(listen), result.GetValue(log)), run, screen);
        return command;
    }

    private static bool TryParseListen(
        string text, out EndpointText address, [NotNullWhen(false)] out string? reason) =>
        EndpointText.TryParse(text, DefaultPort, out address, out reason);
}
