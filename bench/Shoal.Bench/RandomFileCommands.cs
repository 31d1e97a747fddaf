using System.CommandLine;
using Shoal.Cli.Parsing;

namespace Shoal.Bench;

/// <summary>Files of random bytes for the scripts, and whether they arrived.</summary>
internal static class RandomFileCommands
{
    /// <summary>Defines the command that makes one.</summary>
    public static Command CreateMake()
    {
        var file = new Argument<string>("FILE") { Description = "The file to make" };
        Option<ByteSize> size = BenchOptions.Size("64MB");
        Option<ulong> randomSeed = CommonOptions.RandomSeed("1");
        var command = new Command("make", "Makes a file of random bytes: same random seed, same bytes.")
        {
            file,
            size,
            randomSeed,
        };
        command.SetAction(result => RandomFile.Make(
            result.GetRequiredValue(file), result.GetValue(size).Bytes, result.GetValue(randomSeed)));
        return command;
    }

    /// <summary>Defines the command that compares some.</summary>
    public static Command CreateCheck()
    {
        var files = new Argument<string[]>("FILES") { Arity = new ArgumentArity(2, 1_000), Description = "The files" };
        var command = new Command("check", "Whether files have the same bytes: exit code 0 if all of them do.")
        {
            files,
        };
        command.SetAction(result =>
        {
            string[] all = result.GetRequiredValue(files);
            string[] different = [.. all.Skip(1).Where(other => !RandomFile.AreEqual(all[0], other))];
            Array.ForEach(different, other => Console.Error.WriteLine($"{other} differs from {all[0]}"));
            return different.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
