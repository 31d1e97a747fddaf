using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Conform;

/// <summary>Defines <c>shoal conform</c>.</summary>
internal static class ConformCommand
{
    public static Command Create(CommandRun<ConformArguments> run, CommandScreen screen)
    {
        var directory = new DirectoryAddressOptions();
        var command = new ShoalCommand(
            "conform",
            "Checks a directory of any make: runs the protocol's cases against it, says in which style it answers, and "
            + "where it departs from the protocol. Exit code 1 if it does. The users that it needs for that have names "
            + "of their own, and are taken away again.",
            "shoal conform -s 127.0.0.1 -p 9998",
            "shoal conform -s 127.0.0.1 -p 9998 --restart 'systemctl restart shoal-hub'",
            "shoal conform --hub hub.local:9998 --json   # every case, for programs");
        directory.AddTo(command);
        Option<string?> restart = CommonOptions.Text(
            "--restart", "COMMAND",
            "Also run the cases in which the directory is started again, by this command of the system's shell");
        command.Add(restart);
        Option<bool> json = CommonOptions.Json();
        command.Add(json);
        command.RunBy(
            result => new ConformArguments(
                directory.Read(result), result.GetValue(restart), result.GetValue(json)),
            run, screen);
        return command;
    }
}
