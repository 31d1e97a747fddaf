namespace Shoal.Cli.Shell;

/// <summary>A command of the shell: its word, and what it wants behind it.</summary>
/// <param name="Word">In capitals, as it is compared.</param>
/// <param name="Arguments">What stands behind it, as its usage shows it.</param>
/// <param name="Fewest">Words behind it, at least.</param>
/// <param name="Most">Words behind it, at most.</param>
internal sealed record ShellVerb(string Word, string Arguments, int Fewest, int Most)
{
    public static readonly ShellVerb Register = new("REGISTER", "<userName>", 1, 1);
    public static readonly ShellVerb Unregister = new("UNREGISTER", "<userName>", 1, 1);
    public static readonly ShellVerb Connect = new("CONNECT", "<userName>", 1, 1);
    public static readonly ShellVerb Publish = new("PUBLISH", "<fileName> <description>", 2, int.MaxValue);
    public static readonly ShellVerb Delete = new("DELETE", "<fileName>", 1, 1);
    public static readonly ShellVerb ListUsers = new("LIST_USERS", "", 0, 0);
    public static readonly ShellVerb ListContent = new("LIST_CONTENT", "<userName>", 1, 1);
    public static readonly ShellVerb Disconnect = new("DISCONNECT", "<userName>", 1, 1);
    public static readonly ShellVerb GetFile =
        new("GET_FILE", "<userName> <remote_fileName> <local_fileName>", 3, 3);

    public static readonly ShellVerb Quit = new("QUIT", "", 0, 0);

    /// <summary>All of them, in the order in which people learn them.</summary>
    public static readonly IReadOnlyList<ShellVerb> All =
        [Register, Unregister, Connect, Publish, Delete, ListUsers, ListContent, Disconnect, GetFile, Quit];

    /// <summary>What is said to somebody who wrote too few words or too many.</summary>
    public string SyntaxError => Arguments.Length == 0
        ? $"Syntax error. Use: {Word}"
        : $"Syntax error. Usage: {Word} {Arguments}";

    /// <summary>The verb of a word in any case, or null.</summary>
    public static ShellVerb? Find(string word) =>
        All.FirstOrDefault(verb => verb.Word.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether so many words may stand behind it.</summary>
    public bool Takes(int arguments) => arguments >= Fewest && arguments <= Most;
}
