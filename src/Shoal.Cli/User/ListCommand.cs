using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal list</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Target">Whose publications, or null: those of everybody who is connected.</param>
internal sealed record ListArguments(UserAccess Access, string? Target);

/// <summary>Defines <c>shoal list</c>, and does its work.</summary>
internal static class ListCommand
{
    public static Command Create(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var target = new Argument<string?>("USER")
        {
            Description = "Whose publications; without it, those of everybody who is connected",
            Arity = ArgumentArity.ZeroOrOne,
        };
        target.Validators.Add(CommonOptions.RefuseFlags);
        var command = new ShoalCommand(
            "list",
            "Lists publications, a line each: USER/FILE, as 'shoal get' wants it, a tab, and the description.",
            "shoal list --hub hub.local:9998 --user anna",
            "shoal list bert --hub hub.local:9998 --user anna")
        {
            target,
        };
        access.AddTo(command);
        command.RunBy(result => new ListArguments(access.Read(result), result.GetValue(target)), RunAsync, screen);
        return command;
    }

    private static async Task<int> RunAsync(
        ListArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen, ".");
        await work.ConnectAsync(cancellation);
        if (arguments.Target is { } target)
        {
            foreach (OfferedRow row in await work.ListAsync(target, cancellation))
            {
                screen.Output.WriteLine(row.ToText());
            }

            return ExitCode.Done;
        }

        await foreach (OfferedRow row in work.ListAllAsync(cancellation))
        {
            screen.Output.WriteLine(row.ToText());
        }

        return ExitCode.Done;
    }
}
