using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Core.Members;
using Shoal.Core.Wire.Directory;
using Shoal.Hosts.User;

namespace Shoal.Cli.Shell;

/// <summary>What came of a line.</summary>
internal enum LineOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not: it was wrong, or the directory or a user's machine refused it.</summary>
    Failed,

    /// <summary>The session is to end.</summary>
    Quit,
}

/// <summary>
/// Runs the commands that a person or a script writes, one a line. Results go to the output, word for word as other
/// programs print them; why something failed goes to the errors.
/// </summary>
/// <param name="session">The person's dealings with the directory.</param>
/// <param name="memory">What was listed.</param>
/// <param name="folder">Where fetched files go.</param>
/// <param name="live">Where a person sees how far a fetch is; null: nobody looks.</param>
/// <param name="output">For results.</param>
/// <param name="error">For reasons.</param>
internal sealed class CommandShell(
    UserSession session, ShellMemory memory, string folder, ScreenLines? live, TextWriter output, TextWriter error)
{
    /// <summary>Runs a line.</summary>
    public async Task<LineOutcome> RunAsync(string line, CancellationToken cancellation)
    {
        string[] words = line.Split(' ');
        if (ShellVerb.Find(words[0]) is not { } verb)
        {
            return Refuse(ShellTexts.OfUnknown(TextWidth.Clean(words[0])));
        }

        string[] arguments = words[1..];
        if (!verb.Takes(arguments.Length))
        {
            return Refuse(verb.SyntaxError);
        }

        return verb == ShellVerb.Quit ? LineOutcome.Quit
            : verb == ShellVerb.GetFile ? await FetchAsync(arguments[0], arguments[1], arguments[2], cancellation)
            : verb == ShellVerb.Publish
                ? await PublishAsync(arguments[0], string.Join(' ', arguments[1..]), cancellation)
            : await RunPlainAsync(verb, arguments.FirstOrDefault() ?? "", cancellation);
    }

    private async Task<LineOutcome> RunPlainAsync(ShellVerb verb, string argument, CancellationToken cancellation)
    {
        if (verb == ShellVerb.Register)
        {
            return Tell(DirectoryOperation.Register, await session.RegisterAsync(argument, cancellation));
        }

        if (verb == ShellVerb.Unregister)
        {
            return Tell(DirectoryOperation.Unregister, await session.UnregisterAsync(argument, cancellation));
        }

        if (verb == ShellVerb.Connect)
        {
            return Tell(DirectoryOperation.Connect, await session.ConnectAsync(argument, cancellation));
        }

        if (verb == ShellVerb.Disconnect)
        {
            return Tell(DirectoryOperation.Disconnect, await session.DisconnectAsync(argument, cancellation));
        }

        if (verb == ShellVerb.Delete)
        {
            return await WithdrawAsync(argument, cancellation);
        }

        return verb == ShellVerb.ListUsers
            ? await ListUsersAsync(cancellation)
            : await ListContentAsync(argument, cancellation);
    }

    private async Task<LineOutcome> PublishAsync(string file, string description, CancellationToken cancellation)
    {
        DirectoryAnswer answer = await session.PublishAsync(file, description, cancellation);
        if (answer.Result is DirectoryResult.Done && session.Connected is { } user)
        {
            memory.Add(user.Value, file);
        }

        return Tell(DirectoryOperation.Publish, answer);
    }

    private async Task<LineOutcome> WithdrawAsync(string file, CancellationToken cancellation)
    {
        DirectoryAnswer answer = await session.WithdrawAsync(file, cancellation);
        if (answer.Result is DirectoryResult.Done && session.Connected is { } user)
        {
            memory.Remove(user.Value, file);
        }

        return Tell(DirectoryOperation.Withdraw, answer);
    }

    private async Task<LineOutcome> ListUsersAsync(CancellationToken cancellation)
    {
        DirectoryAnswer answer = await session.ListUsersAsync(cancellation);
        LineOutcome outcome = Tell(DirectoryOperation.ListUsers, answer);
        foreach (UserRow row in answer.Users)
        {
            WriteRow($"{row.User} {row.Address} {row.Port}");
        }

        return outcome;
    }

    private async Task<LineOutcome> ListContentAsync(string user, CancellationToken cancellation)
    {
        DirectoryAnswer answer = await session.ListContentAsync(user, cancellation);
        LineOutcome outcome = Tell(DirectoryOperation.ListContent, answer);
        if (outcome == LineOutcome.Done)
        {
            memory.Replace(user, answer.Contents.Select(row => row.File));
        }

        foreach (ContentRow row in answer.Contents)
        {
            WriteRow($"{row.File} {row.Description}");
        }

        return outcome;
    }

    private async Task<LineOutcome> FetchAsync(
        string user, string file, string target, CancellationToken cancellation)
    {
        ProgressDisplay? display = live is null ? null : new ProgressDisplay(live, TimeProvider.System);
        FetchAnswer answer = await session.FetchAsync(
            user, file, Path.Combine(folder, target), progress => display?.Show(progress), cancellation);
        display?.End();
        output.WriteLine($"{ShellTexts.Prompt}{ShellTexts.Of(answer.Result)}");
        Explain(answer.Reason);
        return answer.Result == FetchResult.Found ? LineOutcome.Done : LineOutcome.Failed;
    }

    private LineOutcome Tell(DirectoryOperation operation, DirectoryAnswer answer)
    {
        output.WriteLine($"{ShellTexts.Prompt}{ShellTexts.Of(operation, answer.Result)}");
        Explain(answer.Reason);
        return answer.Result == DirectoryResult.Done ? LineOutcome.Done : LineOutcome.Failed;
    }

    private LineOutcome Refuse(string text)
    {
        output.WriteLine(text);
        return LineOutcome.Failed;
    }

    private void Explain(string? reason)
    {
        if (reason is not null)
        {
            error.WriteLine($"shoal: {TextWidth.Clean(reason)}");
        }
    }

    // Whoever wrote a row may have wanted to move somebody else's cursor. A tab does not.
    private void WriteRow(string row) =>
        output.WriteLine('\t' + string.Join('\t', row.Split('\t').Select(TextWidth.Clean)));
}
