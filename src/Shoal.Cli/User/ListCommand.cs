using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal list</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Target">Whose publications, or null: those of everybody who is connected.</param>
/// <param name="IsJson">Whether to print JSON.</param>
internal sealed record ListArguments(UserAccess Access, string? Target, bool IsJson);

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
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "list",
            "Lists publications, a line each: USER/FILE, as 'shoal get' wants it, a tab, and the description.",
            "shoal list --hub hub.local:9998 --user anna",
            "shoal list bert --hub hub.local:9998 --user anna",
            "shoal list bert@films --json --hub hub.local:9998 --user anna   # a member of the hub's swarm films")
        {
            target,
            json,
        };
        access.AddTo(command);
        command.RunBy(
            result => new ListArguments(access.Read(result), result.GetValue(target), result.GetValue(json)),
            RunAsync, screen);
        return command;
    }

    private static async Task<int> RunAsync(
        ListArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen);
        await work.ConnectAsync(cancellation);
        IAsyncEnumerable<OfferedRow> rows = arguments.Target is { } target
            ? work.ListEachAsync(target, cancellation)
            : work.ListAllAsync(cancellation);
        await Listing.PrintAsync(rows, arguments.IsJson, screen.Output);
        return ExitCode.Done;
    }
}
