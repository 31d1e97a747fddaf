using System.Collections.Concurrent;

namespace Shoal.Cli.Logging;

/// <summary>A message template, cut into the texts and the placeholders between them.</summary>
internal sealed class LogTemplate
{
    // Templates come from [LoggerMessage] attributes, so there are few; a caller that builds them at run time
    // must not be able to fill the memory.
    private const int MostCached = 1024;

    private static readonly ConcurrentDictionary<string, LogTemplate> s_cache = new(StringComparer.Ordinal);

    private LogTemplate(string text)
    {
        var texts = new List<string>();
        var names = new List<string>();
        var pending = new System.Text.StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int close = c == '{' ? text.IndexOf('}', i) : -1;
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                pending.Append(c);
                i++;
            }
            else if (close > 0)
            {
                texts.Add(pending.ToString());
                pending.Clear();
                names.Add(text[(i + 1)..close].Split(':', ',')[0].TrimStart('@', '$'));
                i = close;
            }
            else
            {
                pending.Append(c);
            }
        }

        texts.Add(pending.ToString());
        Texts = [.. texts];
        Names = [.. names];
        IsAction = text.StartsWith("action: ", StringComparison.Ordinal)
            || text.StartsWith("[{Clock} ms] action: ", StringComparison.Ordinal);
    }

    /// <summary>The texts: one more than there are placeholders.</summary>
    public string[] Texts { get; }

    /// <summary>The names in the placeholders.</summary>
    public string[] Names { get; }

    /// <summary>
    /// Whether the line is already in the form <c>action: NAME | result: ...</c>, maybe with the system clock in front.
    /// </summary>
    public bool IsAction { get; }

    /// <summary>Reads a template, or finds it as it was read before.</summary>
    public static LogTemplate Of(string text) => s_cache.TryGetValue(text, out LogTemplate? known)
        ? known
        : s_cache.Count < MostCached
            ? s_cache.GetOrAdd(text, key => new LogTemplate(key))
            : new LogTemplate(text);
}
