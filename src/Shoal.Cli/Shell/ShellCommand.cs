using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Key;
using Shoal.Cli.Parsing;
using Shoal.Core.Roster;

namespace Shoal.Cli.Shell;

/// <summary>Defines <c>shoal shell</c>.</summary>
internal static class ShellCommand
{
    public static Command Create(CommandRun<ShellArguments> run, CommandScreen screen)
    {
        var hub = new DirectoryAddressOptions();
        Option<string> style = StyleOption.Create(
            "--style", "How its own listener answers; replies of every style are understood");
        Option<Uri?> time = UriOption.Create(
            "--time", "Ask this time service for the date of each operation; without it, this machine's clock");
        Option<EndpointText?> listen = TypedOption.Optional<EndpointText>(
            "--listen", "ADDR:PORT", "Where others fetch published files while a user is connected; any free port of "
            + "every address unless given", CommonOptions.TryParseAddress);
        Option<string?> folder = CommonOptions.Text(
            "--dir", "DIR", "The folder of published files, and of those that are fetched; . unless given");
        Option<string?> script = CommonOptions.Text(
            "--script", "FILE", "Run the commands of a file, one a line, and exit 1 if one failed; lines that are "
            + "empty or begin with # are passed over");
        Option<string?> key = CommonOptions.Key();
        Option<string?> log = CommonOptions.Log();
        var command = new ShoalCommand(
            "shell",
            "Talks with a directory: REGISTER, UNREGISTER, CONNECT, DISCONNECT, PUBLISH, DELETE, LIST_USERS, "
            + "LIST_CONTENT, GET_FILE and QUIT. It works with any program that speaks the same protocol, and prints "
            + "what others print.",
            "shoal shell -s 127.0.0.1 -p 9998",
            "shoal shell -s hub.local -p 9998 --dir ./shared --time http://hub.local:5000",
            "shoal shell --hub hub.local:9998 --script commands.txt")
        {
            style,
            time,
            listen,
            folder,
            script,
            key,
            log,
        };
        hub.AddTo(command);
        command.RunBy(
            result => new ShellArguments
            {
                Hub = hub.Read(result),
                Style = StyleOption.Of(result.GetValue(style)!),
                Time = result.GetValue(time),
                Listen = result.GetValue(listen),
                Folder = result.GetValue(folder) ?? ".",
                Script = result.GetValue(script),
                Key = KeySource.From(result.GetValue(key), screen.Variable),
                LogFile = result.GetValue(log),
            },
            run, screen);
        return command;
    }
}
