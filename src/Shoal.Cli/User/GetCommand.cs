using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Core.Content;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal get</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Owner">Whose file.</param>
/// <param name="File">Its name.</param>
/// <param name="Target">Where it is to appear.</param>
/// <param name="Replaces">Whether another file that is there is replaced.</param>
internal sealed record GetArguments(UserAccess Access, string Owner, string File, string Target, bool Replaces);

/// <summary>Defines <c>shoal get</c>, and does its work.</summary>
internal static class GetCommand
{
    public static Command Create(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var file = new Argument<string>("USER/FILE") { Description = "Whose file, and its name, as 'shoal list' says" };
        file.Validators.Add(CommonOptions.RefuseFlags);
        Option<string?> target = CommonOptions.Text(
            "--output", "LOCAL", "Where it is to appear; unless given, under its own name in this folder");
        target.Aliases.Add("-o");
        Option<bool> replace = CommonOptions.Flag(
            "--replace", "Replace another file that has the name; else it is kept, and the command fails");
        var command = new ShoalCommand(
            "get",
            "Fetches a file that a connected user publishes, from whatever program that user runs. It appears under "
            + "its name when it is complete.",
            "shoal get bert/film.avi --hub hub.local:9998 --user anna",
            "shoal get bert/film.avi -o ./films/1.avi --hub hub.local:9998 --user anna")
        {
            file,
            target,
            replace,
        };
        access.AddWithKeyTo(command);
        command.RunBy(
            result => Read(
                access.Read(result, screen.Variable), result.GetValue(file)!, result.GetValue(target),
                result.GetValue(replace)),
            RunAsync, screen);
        return command;
    }

    private static GetArguments Read(UserAccess access, string text, string? target, bool replaces)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || text[(slash + 1)..].Trim('/').Length == 0)
        {
            throw new UsageException($"'{text}' names no file of a user; write USER/FILE, as 'shoal list' says.");
        }

        string file = text[(slash + 1)..];
        return new GetArguments(access, text[..slash], file, target ?? OwnNameOf(file), replaces);
    }

    private static string OwnNameOf(string file) => TryFindName(file, out string? name)
        ? name
        : throw new UsageException($"'{file}' cannot be the name of a file here; say where with -o LOCAL.");

    private static bool TryFindName(string file, [NotNullWhen(true)] out string? name)
    {
        string path = file.TrimEnd('/');
        name = path[(path.LastIndexOf('/') + 1)..];
        return EntryName.TryParse(name, out _, out _);
    }

    private static async Task<int> RunAsync(
        GetArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(
            arguments.Access, screen, ".", LogLevel.Warning,
            options => options with { ReplacesFiles = arguments.Replaces });
        await work.ConnectAsync(cancellation);
        DirectoryAnswer users = work.Check(await work.Session.ListUsersAsync(cancellation));
        if (!users.Users.Any(row => row.User == arguments.Owner))
        {
            throw new WorkFailedException(
                $"'{arguments.Owner}' is not connected to {arguments.Access.Hub}, so there is nobody to fetch from; "
                + $"see: shoal user list --hub {arguments.Access.Hub} --user {arguments.Access.User}");
        }

        // Of a folder the slash may be left out.
        IEnumerable<OfferedRow> offered = await work.ListAsync(arguments.Owner, cancellation);
        string folder = arguments.File.TrimEnd('/') + "/";
        string file = offered.Any(row => row.File == folder) && !offered.Any(row => row.File == arguments.File)
            ? folder
            : arguments.File;
        FetchAnswer answer = await FetchAsync(work, arguments, file, cancellation);
        if (answer.Result != FetchResult.Found)
        {
            throw new WorkFailedException(answer switch
            {
                { IsTaken: true } =>
                    $"{answer.Reason}. It is kept; choose another name with -o, or replace it with --replace.",
                { IsKept: true } =>
                    $"{answer.Reason!.TrimEnd('.')}. What has come is kept; run the command again to go on.",
                { Result: FetchResult.NoSuchFile } =>
                    $"{answer.Reason}; see: shoal list {arguments.Owner} --hub {arguments.Access.Hub} "
                    + $"--user {arguments.Access.User}",
                _ => $"{answer.Reason}. Nothing is left of it here; run the command again.",
            });
        }

        screen.Output.WriteLine(TextRow.Of(
            [arguments.Target, $"{answer.Bytes} bytes", .. FetchText.SourcesOf(answer)]));
        return ExitCode.Done;
    }

    private static async Task<FetchAnswer> FetchAsync(
        UserWork work, GetArguments arguments, string file, CancellationToken cancellation)
    {
        var display = new ProgressDisplay(work.Lines, TimeProvider.System);
        try
        {
            return await work.Session.FetchAsync(
                arguments.Owner, file, arguments.Target, display.Show, cancellation);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new WorkFailedException(
                "stopped before all was here. What has come in verified chunks is kept; run the same command again to "
                + "go on.", e);
        }
        finally
        {
            display.End();
        }
    }
}
