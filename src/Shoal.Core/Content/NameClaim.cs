using System.Globalization;
using System.Text;
using Shoal.Core.Roster;

namespace Shoal.Core.Content;

/// <summary>An entry from elsewhere that looks for its name here.</summary>
internal sealed class NameClaim(PeerId origin, string originName, SharedEntry entry)
{
    /// <summary>The longest part of a peer's name that gets into a file name, in bytes.</summary>
    public const int MostPeerBytes = 64;

    /// <summary>What follows a name's last dot is its extension if it is no longer than this.</summary>
    public const int MostExtensionLength = 16;

    private readonly string _peer = SafePeerName(originName, origin);

    public PeerId Origin => origin;

    public EntryName Name => entry.Name;

    /// <summary>What is in the file; null for a folder.</summary>
    public ContentId? Content { get; } = (entry as SharedEntry.File)?.Content;

    /// <summary>The path that the entry gets below a folder; may turn out too long.</summary>
    public string Choose(LocalFolder top, ReadOnlySpan<string> segments, bool isPlainAllowed)
    {
        var path = new StringBuilder();
        LocalFolder? folder = top;
        for (int i = 0; i < segments.Length; i++)
        {
            bool isFile = i == segments.Length - 1 && Content is not null;
            string name = folder is null
                ? segments[i]
                : ChooseIn(folder, segments[i], isFile, isPlainAllowed);
            path.Append(i == 0 ? "" : "/").Append(name);
            folder = folder?.FolderLike(name)?.Folder;
        }

        return path.ToString();
    }

    private string ChooseIn(LocalFolder folder, string segment, bool isFile, bool isPlainAllowed)
    {
        if (isPlainAllowed && Accept(folder, segment, isFile) is { } plain)
        {
            return plain;
        }

        var hint = (origin, ClashKey.Of(segment), isFile);
        for (int number = folder.NextNumbers.GetValueOrDefault(hint, 1); ; number++)
        {
            if (Accept(folder, WithOrigin(segment, isFile, number), isFile) is { } name)
            {
                folder.NextNumbers[hint] = isFile ? number + 1 : number;
                return name;
            }
        }
    }

    // The spelling to use if the name can be had, else null.
    private string? Accept(LocalFolder folder, string name, bool isFile)
    {
        if (folder.IsFree(name))
        {
            return name;
        }

        if (!isFile)
        {
            return folder.FolderLike(name)?.Name;
        }

        LocalFile? best = null;
        foreach (LocalFile file in folder.FilesLike(name))
        {
            if (IsSame(file) && (best is null || file.Name == name
                || (best.Name != name && string.CompareOrdinal(file.Name, best.Name) < 0)))
            {
                best = file;
            }
        }

        return best?.Name;
    }

    // Two files of one origin stay two, even if their names meet and their contents are equal.
    private bool IsSame(LocalFile file) =>
        file.Content is not null && file.Content == Content
        && (!file.Sharers.TryGetValue(origin, out EntryName name) || name == entry.Name);

    // report.txt -> report (from PEER).txt -> report (from PEER 2).txt; cut before the suffix if too long.
    private string WithOrigin(string segment, bool isFile, int number)
    {
        int dot = isFile ? segment.LastIndexOf('.') : -1;
        bool hasExtension = dot > 0 && segment.Length - dot - 1 is > 0 and <= MostExtensionLength
            && segment.AsSpan(dot + 1).IndexOfAny(' ', '(', ')') < 0;
        string stem = hasExtension ? segment[..dot] : segment;
        string extension = hasExtension ? segment[dot..] : "";
        string suffix = number == 1 ? $" (from {_peer})"
            : string.Create(CultureInfo.InvariantCulture, $" (from {_peer} {number})");
        int room = EntryName.MostSegmentBytes - Encoding.UTF8.GetByteCount(suffix + extension);
        return Cut(stem, room) + suffix + extension;
    }

    private static string SafePeerName(string name, PeerId id)
    {
        var safe = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool isSafe = !Rune.IsControl(rune)
                && !(rune.IsAscii && "/\\:*?\"<>|".Contains((char)rune.Value));
            safe.Append(isSafe ? rune.ToString() : "_");
        }

        string cut = Cut(safe.ToString().Trim(' ', '.'), MostPeerBytes).TrimEnd(' ', '.');
        return cut.Length == 0 ? id.Brief : cut;
    }

    private static string Cut(string text, int bytes)
    {
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
