using System.CommandLine;
using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.User;

/// <summary>What <c>shoal search</c> was told.</summary>
/// <param name="Access">Who asks which directory.</param>
/// <param name="Word">What names or descriptions are to contain, in any case.</param>
internal sealed record SearchArguments(UserAccess Access, string Word);

/// <summary>Defines <c>shoal search</c>, and does its work.</summary>
internal static class SearchCommand
{
    public static Command Create(CommandScreen screen)
    {
        var access = new UserAccessOptions();
        var word = new Argument<string>("WORD") { Description = "What name or description contain, in any case" };
        word.Validators.Add(CommonOptions.RefuseFlags);
        var command = new ShoalCommand(
            "search",
            "Finds what connected users publish, by name and description. It asks with nothing but listings, so any "
            + "directory will do; the rows are those of 'shoal list'.",
            "shoal search film --hub hub.local:9998 --user anna")
        {
            word,
        };
        access.AddTo(command);
        command.RunBy(result => new SearchArguments(access.Read(result), result.GetValue(word)!), RunAsync, screen);
        return command;
    }

    private static async Task<int> RunAsync(
        SearchArguments arguments, CommandScreen screen, CancellationToken cancellation)
    {
        await using UserWork work = UserWork.Begin(arguments.Access, screen, ".");
        await work.ConnectAsync(cancellation);
        await foreach (OfferedRow row in work.ListAllAsync(cancellation))
        {
            if (Contains(row.File, arguments.Word) || Contains(row.Description, arguments.Word))
            {
                screen.Output.WriteLine(row.ToText());
            }
        }

        return ExitCode.Done;
    }

    private static bool Contains(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
