using System.Text;

namespace Shoal.Core.Members;

/// <summary>
/// What a guest is called: <c>NAME@SWARM</c>, so that whoever reads a listing sees what it is, nobody can pose as
/// somebody else by joining a swarm under that name, and no name is taken away from people who register.
/// </summary>
internal static class GuestName
{
    /// <summary>The name of a member of a swarm; what no user's name can have becomes an underscore.</summary>
    /// <param name="member">Its name in the swarm.</param>
    /// <param name="swarm">The swarm; the end of a very long name is cut off.</param>
    /// <param name="number">From 2: the name was taken so often.</param>
    public static UserName Of(string member, string swarm, int number)
    {
        string end = number > 1 ? $"-{number}" : "";
        string begin = Cut(Plain(member), UserName.MostBytes / 2);
        int left = UserName.MostBytes - Encoding.UTF8.GetByteCount(begin) - "@".Length - end.Length;
        return UserName.TryCreate($"{begin}@{Cut(Plain(swarm), left)}{end}", out UserName name)
            ? name
            : throw new System.Diagnostics.UnreachableException();
    }

    // A slash too: it is what stands between a user and a file.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            plain.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune.Value == '/' ? new Rune('_') : rune);
        }

        return plain.ToString();
    }

    private static string Cut(string text, int mostBytes)
    {
        int length = 0;
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
