using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Shoal.Cli.Logging;

/// <summary>
/// Writes log entries as <c>TIME action: NAME | result: success|fail|in_progress | key: value ...</c>, a line
/// each; under the system clock as <c>TIME [MILLISECONDS ms] action: ...</c>.
/// </summary>
internal static class LogLine
{
    private const string TemplateKey = "{OriginalFormat}";

    [ThreadStatic]
    private static StringBuilder? t_builder;

    /// <summary>Whether an entry is one of ours: then its values make the line, and its text is not needed.</summary>
    public static bool IsAction(IReadOnlyList<KeyValuePair<string, object?>>? values) => TemplateOf(values) is not null;

    /// <summary>Writes an entry as a line, without its end.</summary>
    /// <param name="time">When it was.</param>
    /// <param name="category">Who says it.</param>
    /// <param name="level">How much it matters.</param>
    /// <param name="values">Its values and its template.</param>
    /// <param name="message">Its text, where <see cref="IsAction"/> does not hold.</param>
    /// <param name="exception">What went wrong.</param>
    public static string Of(
        DateTimeOffset time, string category, LogLevel level, IReadOnlyList<KeyValuePair<string, object?>>? values,
        string? message, Exception? exception)
    {
        StringBuilder line = t_builder ??= new StringBuilder(256);
        line.Clear();
        AppendTime(line, time.UtcDateTime);
        if (TemplateOf(values) is { } template)
        {
            AppendAction(line, template, values!);
        }
        else
        {
            // A line of the framework: put into the same form, so that one reader understands the whole file.
            line.Append("action: log | result: ").Append(level >= LogLevel.Error ? "fail" : "success");
            line.Append(" | source: ");
            LogValue.Append(line, category);
            line.Append(" | message: ");
            LogValue.Append(line, message ?? "");
        }

        if (exception is not null)
        {
            line.Append(" | error: ");
            LogValue.Append(line, exception.GetType().Name);
            line.Append(" | message: ");
            LogValue.Append(line, exception.Message);
        }

        return line.ToString();
    }

    // As YYYY-MM-DDTHH:MM:SS.FFFZ. The framework writes this form at a fraction of the cost of one that is spelled out.
    private static void AppendTime(StringBuilder line, DateTime time)
    {
        Span<char> whole = stackalloc char["YYYY-MM-DDTHH:MM:SS.FFFFFFFZ".Length];
        time.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        line.Append(whole[.."YYYY-MM-DDTHH:MM:SS.FFF".Length]).Append("Z ");
    }

    private static LogTemplate? TemplateOf(IReadOnlyList<KeyValuePair<string, object?>>? values) =>
        values is { Count: > 0 } && values[^1] is { Key: TemplateKey, Value: string text }
            && LogTemplate.Of(text) is { IsAction: true } template
            ? template
            : null;

    private static void AppendAction(
        StringBuilder line, LogTemplate template, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (int i = 0; i < template.Names.Length; i++)
        {
            line.Append(template.Texts[i]);
            LogValue.Append(line, ValueOf(template.Names[i], i, values));
        }

        line.Append(template.Texts[^1]);
    }

    private static object? ValueOf(string name, int place, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        // Generated code lists the values in the order of its parameters, mostly that of the template.
        if (place < values.Count && values[place].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            return values[place].Value;
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return values[i].Value;
            }
        }

        return null;
    }
}
