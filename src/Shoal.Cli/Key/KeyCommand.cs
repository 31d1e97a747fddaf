using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Key;

/// <summary>Defines <c>shoal key</c>.</summary>
internal static class KeyCommand
{
    public static Command Create(CommandRun<KeyNewArguments> runNew, CommandScreen screen)
    {
        var command = new ShoalCommand(
            "key", "Keys that hub and peers share, so that nobody else learns a name, a size or a chunk.",
            "shoal key new swarm.key          # make a key in a file that only you can read",
            "shoal hub --listen 0.0.0.0:9999 --key swarm.key");
        command.Add(CreateNew(runNew, screen));
        return command;
    }

    private static ShoalCommand CreateNew(CommandRun<KeyNewArguments> run, CommandScreen screen)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The file to make, readable by you alone; without it the key is printed. "
                + "An existing file is never overwritten",
            Arity = ArgumentArity.ZeroOrOne,
        };
        file.Validators.Add(CommonOptions.RefuseFlags);
        var command = new ShoalCommand(
            "new", "Makes a new random key.",
            "shoal key new swarm.key          # make a file that only you can read",
            "SHOAL_KEY=$(shoal key new)       # or keep it in the environment");
        command.Add(file);
        command.RunBy(result => new KeyNewArguments(result.GetValue(file)), run, screen);
        return command;
    }
}
