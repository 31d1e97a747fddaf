namespace Shoal.Cli.Shell.Editing;

/// <summary>What a key led to.</summary>
internal enum KeyOutcome
{
    /// <summary>The line may look otherwise.</summary>
    Edited,

    /// <summary>The line is written.</summary>
    Entered,

    /// <summary>There are no more lines.</summary>
    Ended,

    /// <summary>The word could go on in several ways.</summary>
    Offered,
}

/// <summary>What a word could be, by what stands before the cursor.</summary>
internal interface ILineCompletion
{
    /// <summary>Whole words that begin as the last one does; a blank separates words.</summary>
    IReadOnlyList<string> WordsFor(string head);
}

/// <summary>
/// Takes keys and edits a line, as people are used to it: arrows, Home, End, Ctrl with A, E, B, F, P, N, K, U, W, D and
/// H, and Tab. It draws nothing.
/// </summary>
internal sealed class LineEditor(ILineCompletion completion)
{
    private readonly LineBuffer _buffer = new();
    private readonly LineHistory _history = new();

    public string Text => _buffer.Text;

    public string Head => _buffer.Head;

    /// <summary>What the word could be, after a key that <see cref="KeyOutcome.Offered"/> it.</summary>
    public IReadOnlyList<string> Offers { get; private set; } = [];

    /// <summary>Takes the written line away and remembers it.</summary>
    public string Take()
    {
        string line = _buffer.Text;
        _history.Add(line);
        _buffer.Set("");
        return line;
    }

    public KeyOutcome Press(ConsoleKeyInfo key)
    {
        switch (Canonical(key))
        {
            case ConsoleKey.Enter:
                return KeyOutcome.Entered;
            case ConsoleKey.D when _buffer.Text.Length == 0:
                return KeyOutcome.Ended;
            case ConsoleKey.Tab:
                return Complete();
            case null:
                Insert(key.KeyChar);
                break;
            case { } command:
                Edit(command);
                break;
        }

        return KeyOutcome.Edited;
    }

    // Letters stand for themselves with Ctrl; null is a character to be written.
    private static ConsoleKey? Canonical(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            return key.Key switch
            {
                ConsoleKey.A => ConsoleKey.Home,
                ConsoleKey.B => ConsoleKey.LeftArrow,
                ConsoleKey.E => ConsoleKey.End,
                ConsoleKey.F => ConsoleKey.RightArrow,
                ConsoleKey.H => ConsoleKey.Backspace,
                ConsoleKey.J or ConsoleKey.M => ConsoleKey.Enter,
                ConsoleKey.N => ConsoleKey.DownArrow,
                ConsoleKey.P => ConsoleKey.UpArrow,
                _ => key.Key,
            };
        }

        return key.Key is ConsoleKey.Enter or ConsoleKey.Tab or ConsoleKey.Backspace or ConsoleKey.Delete
            or ConsoleKey.LeftArrow or ConsoleKey.RightArrow or ConsoleKey.UpArrow or ConsoleKey.DownArrow
            or ConsoleKey.Home or ConsoleKey.End
            || char.IsControl(key.KeyChar)
            ? key.Key
            : null;
    }

    private void Edit(ConsoleKey command)
    {
        switch (command)
        {
            case ConsoleKey.LeftArrow:
                _buffer.Left();
                break;
            case ConsoleKey.RightArrow:
                _buffer.Right();
                break;
            case ConsoleKey.Home:
                _buffer.ToStart();
                break;
            case ConsoleKey.End:
                _buffer.ToEnd();
                break;
            case ConsoleKey.Backspace:
                _buffer.DeleteLeft();
                break;
            case ConsoleKey.Delete or ConsoleKey.D:
                _buffer.DeleteRight();
                break;
            case ConsoleKey.K:
                _buffer.CutToEnd();
                break;
            case ConsoleKey.U:
                _buffer.CutToStart();
                break;
            case ConsoleKey.W:
                _buffer.CutWord();
                break;
            case ConsoleKey.UpArrow when _history.Earlier(_buffer.Text) is { } earlier:
                _buffer.Set(earlier);
                break;
            case ConsoleKey.DownArrow when _history.Later() is { } later:
                _buffer.Set(later);
                break;
            default:
                // A key that means nothing here.
                break;
        }
    }

    private void Insert(char character)
    {
        if (character != '\0')
        {
            _buffer.Insert(character.ToString());
        }
    }

    private KeyOutcome Complete()
    {
        string word = _buffer.Head[(_buffer.Head.LastIndexOf(' ') + 1)..];
        IReadOnlyList<string> words = completion.WordsFor(_buffer.Head);
        if (words.Count == 0)
        {
            return KeyOutcome.Edited;
        }

        string common = CommonStart(words);
        string whole = words.Count == 1 ? common + ' ' : common;
        if (whole.Length <= word.Length)
        {
            Offers = words;
            return KeyOutcome.Offered;
        }

        // What was written may be in another case than the word that it stands for.
        for (int i = 0; i < word.Length; i++)
        {
            _buffer.DeleteLeft();
        }

        _buffer.Insert(whole);
        return KeyOutcome.Edited;
    }

    private static string CommonStart(IReadOnlyList<string> words)
    {
        int length = words.Min(word => word.Length);
        for (int i = 0; i < length; i++)
        {
            if (words.Any(word => word[i] != words[0][i]))
            {
                return words[0][..i];
            }
        }

        return words[0][..length];
    }
}
