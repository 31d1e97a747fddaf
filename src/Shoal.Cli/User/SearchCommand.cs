using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal search</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Word">What names or descriptions are to contain, in any case.</param>
/// <param name="IsJson">Whether to print JSON.</param>
internal sealed record SearchArguments(UserAccess Access, string Word, bool IsJson);

/// <summary>Defines <c>shoal search</c>, and does its work.</summary>
internal static class SearchCommand
{
    public static Command Create(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var word = new Argument<string>("WORD") { Description = "What name or description contain, in any case" };
        word.Validators.Add(CommonOptions.RefuseFlags);
        Option<bool> json = CommonOptions.Json();
        var command = new ShoalCommand(
            "search",
            "Finds what connected users publish, by name and description. It asks with nothing but listings, so any "
            + "directory will do; the rows are those of 'shoal list'.",
            "shoal search film --hub hub.local:9998 --user anna",
            "shoal search film --json --hub hub.local:9998 --user anna")
        {
            word,
            json,
        };
        access.AddTo(command);
        command.RunBy(
            result => new SearchArguments(access.Read(result), result.GetValue(word)!, result.GetValue(json)),
            RunAsync, screen);
        return command;
    }

    private static async Task<int> RunAsync(
        SearchArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen);
        await work.ConnectAsync(cancellation);
        IAsyncEnumerable<OfferedRow> found = work.ListAllAsync(cancellation)
            .Where(row => Contains(row.File, arguments.Word) || Contains(row.Description, arguments.Word));
        await Listing.PrintAsync(found, arguments.IsJson, screen.Output);
        return ExitCode.Done;
    }

    private static bool Contains(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
