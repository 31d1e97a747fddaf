using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Hosts.User;

namespace Shoal.Cli.User;

/// <summary>Defines <c>shoal user</c> and its commands.</summary>
internal static class UserCommand
{
    public static Command Create(CommandScreen screen) => new ShoalCommand(
        "user",
        "Registers and unregisters users of a directory, and lists those who are connected.",
        "shoal user register --hub hub.local:9998 --user anna",
        "shoal user list --hub hub.local:9998 --user anna")
    {
        Create(
            "register", "Makes somebody a user of a directory.", screen,
            async (work, access, cancellation) =>
                work.Check(await work.Session.RegisterAsync(access.User.Value, cancellation))),
        Create(
            "unregister", "Makes somebody a user no longer; what the user published goes too.", screen,
            async (work, access, cancellation) =>
                work.CheckGone(await work.Session.UnregisterAsync(access.User.Value, cancellation))),
        CreateList(screen),
    };

    private static ShoalCommand Create(
        string name, string description, CommandScreen screen,
        Func<UserWork, UserAccess, CancellationToken, Task> run)
    {
        var access = new UserAccessOptions();
        var command = new ShoalCommand(
            name, description, $"shoal user {name} --hub hub.local:9998 --user anna");
        access.AddTo(command);
        command.RunBy(access.Read, RunAsync, screen);
        return command;

        async Task<int> RunAsync(UserAccess told, CommandScreen _, CancellationToken cancellation)
        {
            await using UserWork work = UserWork.Begin(told, screen);
            await run(work, told, cancellation);
            return ExitCode.Done;
        }
    }

    private static ShoalCommand CreateList(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "list", "Lists who is connected, a line each: name, address, port, with tabs between them.",
            "shoal user list --hub hub.local:9998 --user anna",
            "shoal user list --json --hub hub.local:9998 --user anna")
        {
            json,
        };
        access.AddTo(command);
        command.RunBy(result => new UserListArguments(access.Read(result), result.GetValue(json)), ListAsync, screen);
        return command;
    }

    private static async Task<int> ListAsync(
        UserListArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen);
        await work.ConnectAsync(cancellation);
        DirectoryAnswer answer = work.Check(await work.Session.ListUsersAsync(cancellation));
        Listing.Print(answer.Users, arguments.IsJson, screen.Output);
        return ExitCode.Done;
    }
}

/// <summary>What <c>shoal user list</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="IsJson">Whether to print JSON.</param>
internal sealed record UserListArguments(UserAccess Access, bool IsJson);
