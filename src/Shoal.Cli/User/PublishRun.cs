using Microsoft.Extensions.Logging;
using Shoal.Cli.Frame;
using Shoal.Core.Members;
using Shoal.Hosts.User;

namespace Shoal.Cli.User;

/// <summary>The work of <c>shoal publish</c>.</summary>
internal static class PublishRun
{
    /// <summary>Files of a folder that are published at most; more are a mistake, mostly.</summary>
    private const int MostFiles = 100_000;

    // A hub that was started again has forgotten who is connected.
    private static readonly TimeSpan s_reminder = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(
        PublishArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        string path = Path.GetFullPath(arguments.Path);
        bool isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path))
        {
            throw new WorkFailedException($"{arguments.Path}: there is no such file or folder.");
        }

        string folder = isFolder ? path : Path.GetDirectoryName(path)!;
        await using UserWork work = UserWork.Begin(
            arguments.Access, screen, folder, LogLevel.Information, options => options with
            {
                Listen = arguments.Listen ?? options.Listen,
                Style = arguments.Style,
                OfferDelay = TimeSpan.Zero,
            });
        work.Check(await work.Session.ConnectAsync(arguments.Access.User.Value, cancellation));
        int published = 0;
        foreach (string name in isFolder ? [.. NamesIn(folder, screen), .. WholeOf(folder, screen)]
            : new[] { Path.GetFileName(path) })
        {
            published += await PublishAsync(work, name, arguments.Description, cancellation);
        }

        screen.Output.WriteLine(TextRow.Of(
            arguments.Access.User.Value, work.Session.Address.ToString()!, $"{published} published"));
        await ServeAsync(work, cancellation);
        return ExitCode.Done;
    }

    private static async Task<int> PublishAsync(
        UserWork work, string name, Description description, CancellationToken cancellation)
    {
        DirectoryAnswer answer = await work.Session.PublishAsync(name, description.Value, cancellation);
        if (answer.Result != DirectoryResult.AlreadyPublished)
        {
            work.Check(answer, name);
        }

        return 1;
    }

    private static IEnumerable<string> NamesIn(string folder, CommandScreen screen)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
        };
        string[] names =
        [
            .. Directory.EnumerateFiles(folder, "*", options).Take(MostFiles)
                .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
        ];
        foreach (string name in names)
        {
            if (PublicationName.TryCreate(name, out _))
            {
                yield return name;
            }
            else
            {
                screen.Error.WriteLine($"shoal: {TextRow.Of(name)} is passed over: a published name has no blanks.");
            }
        }
    }

    // With a slash behind it, so that nobody takes it for a file: other programs are told that there is no such file.
    private static IEnumerable<string> WholeOf(string folder, CommandScreen screen)
    {
        string name = Path.GetFileName(folder) + "/";
        if (PublicationName.TryCreate(name, out _) && name.Length > 1)
        {
            return [name];
        }

        screen.Error.WriteLine(
            $"shoal: {TextRow.Of(name)} is not published as a whole: a published name has no blanks.");
        return [];
    }

    private static async Task ServeAsync(UserWork work, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_reminder);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                await work.Session.StayAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The normal end.
        }
    }
}
