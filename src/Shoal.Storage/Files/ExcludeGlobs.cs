using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Shoal.Storage.Files;

/// <summary>
/// Which names are left out. <c>*</c> stands for any characters of one segment, <c>?</c> for one, <c>**</c>
/// for any segments. A pattern without <c>/</c> meets a name in any folder; one with <c>/</c> is seen from
/// the top; one that ends in <c>/</c> meets folders only. What is in a folder that is left out is left out.
/// Case matters.
/// </summary>
internal sealed class ExcludeGlobs(ImmutableArray<string> patterns)
{
    private readonly ImmutableArray<Glob> _globs = [.. patterns.Select(Parse)];

    /// <summary>Whether a file or folder is left out by its own name.</summary>
    public bool Match(string name, FileKind kind)
    {
        if (_globs.IsEmpty)
        {
            return false;
        }

        string[] segments = name.Split('/');
        foreach (Glob glob in _globs)
        {
            if ((kind == FileKind.Folder || !glob.IsFolderOnly) && Match(glob.Segments, segments))
            {
                return true;
            }
        }

        return false;
    }

    private static Glob Parse(string pattern)
    {
        bool isFolderOnly = pattern.EndsWith('/');
        string trimmed = pattern.TrimEnd('/');
        bool isFromTop = trimmed.Contains('/');
        string[] segments = trimmed.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new Glob(isFromTop ? segments : ["**", .. segments], isFolderOnly);
    }

    private static bool Match(ReadOnlySpan<string> pattern, ReadOnlySpan<string> segments)
    {
        // Several ** in a row say no more than one; without that, they would cost exponential time.
        while (pattern is ["**", "**", ..])
        {
            pattern = pattern[1..];
        }

        return pattern switch
        {
            [] => segments.IsEmpty,
            ["**"] => !segments.IsEmpty,
            ["**", ..] => Match(pattern[1..], segments)
                || (!segments.IsEmpty && Match(pattern, segments[1..])),
            _ => !segments.IsEmpty
                && FileSystemName.MatchesSimpleExpression(pattern[0], segments[0], ignoreCase: false)
                && Match(pattern[1..], segments[1..]),
        };
    }

    private sealed record Glob(string[] Segments, bool IsFolderOnly);
}
