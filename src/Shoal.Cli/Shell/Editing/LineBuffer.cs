using System.Globalization;

namespace Shoal.Cli.Shell.Editing;

/// <summary>A line that is being written, and where in it. It moves by what a person sees as one character.</summary>
internal sealed class LineBuffer
{
    /// <summary>The longest line that can be written.</summary>
    public const int MostCharacters = 4096;

    public string Text { get; private set; } = "";

    /// <summary>The place of the next character, from 0 to the length of the text.</summary>
    public int Cursor { get; private set; }

    public string Head => Text[..Cursor];

    public void Set(string text)
    {
        Text = text.Length > MostCharacters ? text[..MostCharacters] : text;
        Cursor = Text.Length;
    }

    public void Insert(string text)
    {
        if (Text.Length + text.Length <= MostCharacters)
        {
            Text = Text.Insert(Cursor, text);
            Cursor += text.Length;
        }
    }

    public void ToStart() => Cursor = 0;

    public void ToEnd() => Cursor = Text.Length;

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void DeleteLeft() => Cut(Before(Cursor), Cursor);

    public void DeleteRight() => Cut(Cursor, After(Cursor));

    public void CutToEnd() => Cut(Cursor, Text.Length);

    public void CutToStart() => Cut(0, Cursor);

    /// <summary>Cuts the word before the cursor, with the blanks behind it.</summary>
    public void CutWord()
    {
        int from = Cursor;
        while (from > 0 && Text[from - 1] == ' ')
        {
            from--;
        }

        while (from > 0 && Text[from - 1] != ' ')
        {
            from--;
        }

        Cut(from, Cursor);
    }

    private void Cut(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private int Before(int place)
    {
        int last = 0;
        foreach (int start in StringInfo.ParseCombiningCharacters(Text))
        {
            if (start >= place)
            {
                break;
            }

            last = start;
        }

        return last;
    }

    private int After(int place) => place == Text.Length
        ? place
        : place + StringInfo.GetNextTextElementLength(Text, place);
}
