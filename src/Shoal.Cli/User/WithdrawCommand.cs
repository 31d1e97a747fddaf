using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal withdraw</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Files">What is to be offered no longer.</param>
internal sealed record WithdrawArguments(UserAccess Access, string[] Files);

/// <summary>Defines <c>shoal withdraw</c>, and does its work.</summary>
internal static class WithdrawCommand
{
    public static Command Create(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var files = new Argument<string[]>("FILE")
        {
            Description = "A file as it was published",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(CommonOptions.RefuseFlags);
        var command = new ShoalCommand(
            "withdraw",
            "Offers published files no longer.",
            "shoal withdraw film.avi --hub hub.local:9998 --user anna")
        {
            files,
        };
        access.AddTo(command);
        command.RunBy(
            result => new WithdrawArguments(access.Read(result), result.GetValue(files)!), RunAsync, screen);
        return command;
    }

    private static async Task<int> RunAsync(
        WithdrawArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen);
        await work.ConnectAsync(cancellation);
        foreach (string file in arguments.Files)
        {
            work.Check(await work.Session.WithdrawAsync(file, cancellation), file);
        }

        return ExitCode.Done;
    }
}
