using System.Buffers;
using System.Text.Unicode;

namespace Shoal.Core.Members;

/// <summary>What the texts of a directory may hold.</summary>
internal static class FieldRules
{
    /// <summary>
    /// Whether a text can be a name: 1 to <paramref name="mostBytes"/> bytes of UTF-8, without blanks and control
    /// characters.
    /// </summary>
    public static bool IsName(string text, int mostBytes)
    {
        if (text.Length == 0 || !Fits(text, mostBytes))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a text can describe something: 0 to <paramref name="mostBytes"/> bytes of UTF-8. A tab is a blank like
    /// any other; a line break or a zero would tear the lists apart in which a description is shown.
    /// </summary>
    public static bool IsDescription(string text, int mostBytes)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) && c != '\t')
            {
                return false;
            }
        }

        return Fits(text, mostBytes);
    }

    // A lone surrogate has no UTF-8: what went out would not be what came in.
    private static bool Fits(string text, int mostBytes) =>
        Utf8.FromUtf16(text, stackalloc byte[mostBytes], out _, out _, replaceInvalidSequences: false)
        == OperationStatus.Done;
}
