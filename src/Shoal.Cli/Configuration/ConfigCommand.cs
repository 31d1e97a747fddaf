using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Configuration;

/// <summary>Defines <c>shoal config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(CommandRun<ConfigArguments> run, CommandScreen screen)
    {
        Argument<string[]> words = new("COMMAND")
        {
            Description = "The command to tell about; all unless one is named",
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
        };
        words.Validators.Add(CommonOptions.RefuseFlags);
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "config",
            "Prints what a command's flags come to by the environment and the file of --config, and which of them said "
            + "so, as such a file. Each flag can be set in three places: on the command line; by a variable, "
            + "SHOAL_WINNING_NUMBER for --winning-number, or for one command SHOAL_LOTTERY_SERVE_WINNING_NUMBER; and "
            + "in the file, which SHOAL_CONFIG can name too. The first of the three counts. Secrets are not printed.",
            "shoal config lottery serve",
            "shoal config hub --json   # for programs",
            "shoal config              # all commands; what it prints can be changed and used as a file")
        {
            TellsOfOthers = true,
        };
        command.Add(words);
        command.Add(json);
        command.RunBy(
            result =>
            {
                Command root = result.RootCommandResult.Command;
                return new ConfigArguments(
                    root, Find(root, result.GetValue(words)!),
                    root.Options.OfType<Option<string?>>().FirstOrDefault(one => one.Name == GlobalOptions.ConfigName)
                        is { } config ? result.GetValue(config) : null,
                    result.GetValue(json));
            },
            run, screen);
        return command;
    }

    private static Command Find(Command root, string[] words)
    {
        Command found = root;
        foreach (string word in words.SkipWhile(word => word == "shoal"))
        {
            found = found.Subcommands.FirstOrDefault(one => one.Name == word)
                ?? throw new UsageException(CommandMistakes.NoCommand(word, found));
        }

        return found;
    }
}
