namespace Shoal.Cluster.Tests.Docs;

/// <summary>The words of a command line, read and changed.</summary>
internal static class CommandWords
{
    /// <summary>The value of a flag, or null.</summary>
    public static string? ValueOf(this IEnumerable<string> words, string flag) =>
        words.SkipWhile(word => word != flag).Skip(1).FirstOrDefault();

    /// <summary>The words with this value for a flag, whether they had one or not.</summary>
    public static string[] With(this IEnumerable<string> words, string flag, string value)
    {
        string[] old = [.. words];
        int at = Array.IndexOf(old, flag);
        return at < 0 ? [.. old, flag, value] : [.. old[..at], flag, value, .. old[(at + 2)..]];
    }

    /// <summary>The words with another value for a flag, if they have one.</summary>
    public static string[] Change(this IEnumerable<string> words, string flag, Func<string, string> value)
    {
        string[] old = [.. words];
        return old.ValueOf(flag) is { } known ? old.With(flag, value(known)) : old;
    }

    /// <summary>The words with any port that is free here for each of these flags, at the address they say.</summary>
    public static string[] WithAnyPort(this IEnumerable<string> words, params string[] flags) =>
        flags.Aggregate(words.ToArray(), (all, flag) =>
            all.Change(flag, address => address[..(address.LastIndexOf(':') + 1)] + "0"));

    /// <summary>Splits a line as a shell does: by spaces outside of single quotes, up to a comment.</summary>
    public static string[] Split(string line)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        bool isQuoted = false;
        foreach (char c in line + " ")
        {
            if (c == '\'')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted || c != ' ')
            {
                word.Append(c);
            }
            else if (word.ToString() is ['#', ..])
            {
                break;
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return [.. words];
    }
}
