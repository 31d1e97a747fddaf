using System.Collections.Immutable;
using System.Globalization;

namespace Shoal.Hosts.Conform;

/// <summary>The cases, from the text that is built in; it says itself how it is read.</summary>
internal static class ConformTable
{
    private const string Resource = "Shoal.Hosts.Conform.cases.txt";

    /// <summary>All cases, in their order.</summary>
    public static IReadOnlyList<ConformCase> Load()
    {
        using Stream stream = typeof(ConformTable).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <exception cref="FormatException">A line is no case.</exception>
    internal static IReadOnlyList<ConformCase> Parse(string text)
    {
        var cases = new List<ConformCase>();
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                cases.Add(ParseLine(line));
            }
        }

        return cases;
    }

    private static ConformCase ParseLine(string line)
    {
        string[] columns = [.. line.Split('|').Select(column => column.Trim(' '))];
        if (columns.Length != 4)
        {
            throw new FormatException($"a case has four columns: {line}");
        }

        int colon = columns[2].IndexOf(':', StringComparison.Ordinal);
        SendManner? manner = colon < 0 ? null : columns[2][..colon] switch
        {
            "drip" => SendManner.Drip,
            "half" => SendManner.Half,
            "end" => SendManner.End,
            "more" => SendManner.More,
            _ => null,
        };
        return new ConformCase(
            columns[0], [.. Words(columns[1]).SelectMany(Steps)], manner ?? SendManner.Whole,
            manner is null ? columns[2] : columns[2][(colon + 1)..], ParseReply(columns[3]));
    }

    private static string[] Steps(string word) =>
        word.EndsWith('@') ? [$"+{word[0]}", $"{word[0]}^"] : [word];

    private static ConformReply ParseReply(string text) => Words(text) switch
    {
        ["nothing"] => new ConformReply.Nothing(),
        ["users", .. var users] => new ConformReply.Users(
            [.. users.Where(user => user[0] == '+').Select(user => user[1..])],
            [.. users.Where(user => user[0] == '-').Select(user => user[1..])]),
        ["contents", .. var rows] => new ConformReply.Contents([.. rows.Select(ParseRow)]),
        [var code] => new ConformReply.Code(int.Parse(code, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"a reply is a code, users, contents or nothing, not: {text}"),
    };

    private static ExpectedContent ParseRow(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new ExpectedContent(text, null)
            : new ExpectedContent(text[..equals], text[(equals + 1)..]);
    }

    private static ImmutableArray<string> Words(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
