using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Core.Wire.Directory;
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
                work.Check(await work.Session.UnregisterAsync(access.User.Value, cancellation))),
        Create(
            "list", "Lists who is connected, a line each: name, address, port, with tabs between them.", screen,
            (work, _, cancellation) => ListAsync(work, screen, cancellation)),
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
            await using UserWork work = UserWork.Begin(told, screen, ".");
            await run(work, told, cancellation);
            return ExitCode.Done;
        }
    }

    private static async Task ListAsync(UserWork work, CommandScreen screen, CancellationToken cancellation)
    {
        await work.ConnectAsync(cancellation);
        DirectoryAnswer answer = work.Check(await work.Session.ListUsersAsync(cancellation));
        foreach (UserRow row in answer.Users)
        {
            screen.Output.WriteLine(TextRow.Of(row.User, row.Address, row.Port));
        }
    }
}
