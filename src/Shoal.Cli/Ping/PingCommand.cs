using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Ping;

/// <summary>Defines <c>shoal ping</c>.</summary>
internal static class PingCommand
{
    public static Command Create(CommandRun<PingArguments> run, CommandScreen screen)
    {
        Argument<EndpointText> address = new("HOST:PORT")
        {
            Description = "Any door of a hub",
            CustomParser = result =>
            {
                if (!CommonOptions.TryParseAddress(result.Tokens[0].Value, out EndpointText at, out string? reason))
                {
                    result.AddError($"HOST:PORT: {reason}.");
                }

                return at;
            },
        };
        address.Validators.Add(CommonOptions.RefuseFlags);
        Option<Duration> patience = TypedOption.WithDefault<Duration>(
            "--patience", "TIME", "How long an answer may take", Duration.TryParse, "2s");
        var command = new ShoalCommand(
            "ping",
            "Asks whether a hub lives behind an address, for health checks: exit code 0 if it answers, 1 if nobody "
            + "listens or whoever listens hangs.",
            "shoal ping 127.0.0.1:12345",
            "shoal ping hub.local:9999 --patience 500ms")
        {
            address,
            patience,
        };
        command.RunBy(
            result => new PingArguments(result.GetValue(address), result.GetValue(patience).Value), run, screen);
        return command;
    }
}
