using Shoal.Cli.Shell.Editing;
using Shoal.Hosts.User;

namespace Shoal.Cli.Shell;

/// <summary>Knows what may stand where: commands, users, and the files of users and of the own folder.</summary>
internal sealed class ShellCompletion(UserSession session, ShellMemory memory, string folder) : ILineCompletion
{
    /// <summary>Files of the own folder that are looked at; a longer list would help nobody.</summary>
    private const int MostFiles = 1000;

    public IReadOnlyList<string> WordsFor(string head)
    {
        string[] words = head.Split(' ');
        string last = words[^1];
        if (words.Length == 1)
        {
            return [.. ShellVerb.All.Select(verb => verb.Word)
                .Where(word => word.StartsWith(last, StringComparison.OrdinalIgnoreCase))];
        }

        return [.. CandidatesFor(words).Where(word => word.StartsWith(last, StringComparison.Ordinal)).Distinct()];
    }

    private IEnumerable<string> CandidatesFor(string[] words)
    {
        ShellVerb? verb = ShellVerb.Find(words[0]);
        return verb is null || words.Length - 1 > verb.Most ? []
            : verb == ShellVerb.Publish ? words.Length == 2 ? OwnFiles() : []
            : verb == ShellVerb.Delete ? memory.FilesOf(session.Connected?.Value ?? "")
            : verb == ShellVerb.GetFile ? CandidatesForFetch(words)
            : verb == ShellVerb.ListContent ? Users()
            : session.Connected is { } user ? [user.Value]
            : [];
    }

    private IEnumerable<string> CandidatesForFetch(string[] words) => words.Length switch
    {
        2 => Users(),
        3 => memory.FilesOf(words[1]),
        _ => [Path.GetFileName(words[2])],
    };

    private IEnumerable<string> Users() => session.KnownUsers.Select(row => row.User).Concat(memory.Users);

    private IEnumerable<string> OwnFiles()
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Take(MostFiles).Select(path => Path.GetFileName(path))
                .Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
