using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Audit;

/// <summary>Defines <c>shoal audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandRun<AuditArguments> run, CommandScreen screen)
    {
        Option<EndpointText> listen = TypedOption.Required<EndpointText>(
            "--listen", "ADDR:PORT", "Where to listen for ONC RPC over TCP; port 0 takes a free one",
            CommonOptions.TryParseAddress);
        Option<bool> mapped = CommonOptions.Flag(
            "--rpcbind", "Tell this machine's port mapper, so that hubs need not be told the port");
        Option<string?> log = CommonOptions.Log();
        var command = new ShoalCommand(
            "audit",
            "Receives the operations of directories over ONC RPC and prints them, 'user operation time' a line, until "
            + "SIGINT or SIGTERM. What it has not printed its senders keep.",
            "shoal audit --listen 127.0.0.1:9997",
            "shoal audit --listen 0.0.0.0:0 --rpcbind  # hubs then need only: --audit HOST")
        {
            listen,
            mapped,
            log,
        };
        command.Serves = true;
        command.RunBy(
            result => new AuditArguments
            {
                Listen = result.GetValue(listen),
                IsMapped = result.GetValue(mapped),
                LogFile = result.GetValue(log),
            },
            run, screen);
        return command;
    }
}
