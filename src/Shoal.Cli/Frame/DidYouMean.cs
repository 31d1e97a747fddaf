namespace Shoal.Cli.Frame;

/// <summary>Guesses the word that somebody meant who mistyped it.</summary>
internal static class DidYouMean
{
    private const int FewestLetters = 3;

    /// <summary>A sentence to append, with a space before it; empty where no word is near enough.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">What could have been.</param>
    public static string Of(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>The nearest word: one slip in three letters at most, or the only one that begins so.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string[] words = [.. known];
        string[] begun = word.TrimStart('-').Length < FewestLetters
            ? []
            : [.. words.Where(one => one.StartsWith(word, StringComparison.Ordinal))];
        int most = Math.Max(1, word.TrimStart('-').Length / FewestLetters);
        return begun is [var only]
            ? only
            : words.Select(one => (Word: one, Slips: Slips(word, one))).Where(one => one.Slips <= most)
                .OrderBy(one => one.Slips).Select(one => one.Word).FirstOrDefault();
    }

    // Letters that are too many, missing, wrong, or stand the wrong way round (optimal string alignment).
    private static int Slips(string a, string b)
    {
        int[,] slips = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    slips[i, j] = i + j;
                    continue;
                }

                int other = slips[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int least = Math.Min(other, Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1);
                bool isSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                slips[i, j] = isSwapped ? Math.Min(least, slips[i - 2, j - 2] + 1) : least;
            }
        }

        return slips[a.Length, b.Length];
    }
}
