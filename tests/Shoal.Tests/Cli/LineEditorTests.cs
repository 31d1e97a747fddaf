using System.Threading.Channels;
using Shoal.Cli.Shell;
using Shoal.Cli.Shell.Editing;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Cli;

/// <summary>The line editor, key by key.</summary>
public sealed class LineEditorTests
{
    private readonly Words _words = new();
    private readonly LineEditor _editor;

    public LineEditorTests() => _editor = new LineEditor(_words);

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc<", "ab|c")]
    [InlineData("abc<<<<", "|abc")]
    [InlineData("abc<>>", "abc|")]
    [InlineData("abc{x", "x|abc")]
    [InlineData("abc{x}y", "xabcy|")]
    [InlineData("abc^Ax^Ey", "xabcy|")]
    [InlineData("abc^B^Bx^Fy", "axby|c")]
    [InlineData("abc-", "ab|")]
    [InlineData("abc{-", "|abc")]
    [InlineData("abc^H", "ab|")]
    [InlineData("abc{~", "|bc")]
    [InlineData("abc{^D", "|bc")]
    [InlineData("abc~", "abc|")]
    [InlineData("abc<^K", "ab|")]
    [InlineData("abc<^U", "|c")]
    [InlineData("one two  ^W", "one |")]
    [InlineData("one^W^W", "|")]
    [InlineData("one two<<^W", "one |wo")]
    [InlineData("é\u0301a<<-", "|é\u0301a")]
    [InlineData("a\U0001F41F-", "a|")]
    [InlineData("a\U0001F41F<<x", "x|a\U0001F41F")]
    [InlineData("ab^Q^Lc", "abc|")]
    public void Keys_do_what_people_are_used_to(string keys, string expected)
    {
        Press(keys);
        Assert.Equal(expected, Shown());
    }

    [Fact]
    public void Lines_come_back_and_so_does_the_one_that_was_begun()
    {
        Assert.Equal(["one", "two"], new[] { Enter("one"), Enter("two") });
        Press("thr");
        Assert.Equal(["two", "one", "one", "two", "thr", "thr"], "uuuddd".Select(up =>
        {
            Press(up == 'u' ? "↑" : "↓");
            return _editor.Text;
        }));
        Press("ee");
        Assert.Equal("three|", Shown());
    }

    [Fact]
    public void A_line_that_was_said_twice_is_remembered_once_and_an_empty_one_never()
    {
        Enter("one");
        Enter("one");
        Enter("");
        Press("↑↑");
        Assert.Equal("one|", Shown());
        Press("↓");
        Assert.Equal("|", Shown());
    }

    [Fact]
    public void The_oldest_line_goes_for_one_too_many()
    {
        for (int i = 0; i <= LineHistory.Most; i++)
        {
            Enter($"line {i}");
        }

        Press(new string('↑', LineHistory.Most + 5));
        Assert.Equal("line 1|", Shown());
    }

    [Fact]
    public void A_line_does_not_grow_for_ever()
    {
        Press(new string('x', LineBuffer.MostCharacters + 10));
        Assert.Equal(LineBuffer.MostCharacters, _editor.Text.Length);
    }

    [Fact]
    public void A_word_is_completed_as_far_as_it_is_clear()
    {
        _words.Known = ["REGISTER", "REGRESS", "QUIT"];
        Press("q\t");
        Assert.Equal("QUIT |", Shown());
        Press("^Ur\t");
        Assert.Equal("REG|", Shown());
        Assert.Equal(KeyOutcome.Offered, _editor.Press(Key('\t')));
        Assert.Equal(["REGISTER", "REGRESS"], _editor.Offers);
        Press("i\t");
        Assert.Equal("REGISTER |", Shown());
        Press("^Uzzz\t");
        Assert.Equal("zzz|", Shown());
    }

    [Fact]
    public void The_end_is_told_only_on_an_empty_line()
    {
        Assert.Equal(KeyOutcome.Ended, _editor.Press(Control(ConsoleKey.D)));
        Press("a");
        Assert.Equal(KeyOutcome.Edited, _editor.Press(Control(ConsoleKey.D)));
        Assert.Equal(KeyOutcome.Entered, _editor.Press(Key('\r')));
    }

    [Fact]
    public void Any_keys_in_any_order_leave_a_line_with_a_cursor_in_it()
    {
        const string keys = "ab é\u0301<>{}-~↑↓\t";
        var random = new DeterministicRandom(20261125);
        for (int i = 0; i < 20_000; i++)
        {
            Press(keys[random.Next(keys.Length)].ToString());
            Assert.InRange(_editor.Head.Length, 0, _editor.Text.Length);
            if (random.Next(20) == 0)
            {
                Enter("");
            }
        }
    }

    [Fact]
    public async Task The_terminal_shows_one_row_with_the_cursor_in_it()
    {
        var keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new TerminalLines(_words, output, () => 13, keys.Reader);
        foreach (ConsoleKeyInfo key in Keys("abcdefghijklm<\r"))
        {
            keys.Writer.TryWrite(key);
        }

        Assert.Equal("abcdefghijklm", await lines.ReadAsync(TestContext.Current.CancellationToken));
        keys.Writer.TryWrite(Control(ConsoleKey.D));
        Assert.Null(await lines.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            "\rc> \u001b[K\r\u001b[3C\n" + "\rc> \u001b[K\r\u001b[3C\n", output.ToString());
    }

    [Fact]
    public async Task A_wide_line_shows_what_is_around_the_cursor()
    {
        var keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new TerminalLines(_words, output, () => 13, keys.Reader);
        using var stop = new CancellationTokenSource();
        Task<string?> reading = lines.ReadAsync(stop.Token).AsTask();
        foreach (ConsoleKeyInfo key in Keys("abcdefghijklm<"))
        {
            keys.Writer.TryWrite(key);
        }

        keys.Writer.Complete();
        Assert.Null(await reading);
        Assert.EndsWith("\rc> defghijkl\u001b[K\r\u001b[12C", output.ToString(), StringComparison.Ordinal);
    }

    private string Shown() => _editor.Head + "|" + _editor.Text[_editor.Head.Length..];

    private string Enter(string line)
    {
        Press(line);
        Assert.Equal(KeyOutcome.Entered, _editor.Press(Key('\r')));
        return _editor.Take();
    }

    private void Press(string keys)
    {
        foreach (ConsoleKeyInfo key in Keys(keys))
        {
            _editor.Press(key);
        }
    }

    private static IEnumerable<ConsoleKeyInfo> Keys(string keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            yield return keys[i] == '^' && i + 1 < keys.Length
                ? Control(Enum.Parse<ConsoleKey>(keys[++i].ToString()))
                : Key(keys[i]);
        }
    }

    private static ConsoleKeyInfo Key(char character) => character switch
    {
        '<' => new('\0', ConsoleKey.LeftArrow, false, false, false),
        '>' => new('\0', ConsoleKey.RightArrow, false, false, false),
        '{' => new('\0', ConsoleKey.Home, false, false, false),
        '}' => new('\0', ConsoleKey.End, false, false, false),
        '-' => new('\b', ConsoleKey.Backspace, false, false, false),
        '~' => new('\0', ConsoleKey.Delete, false, false, false),
        '↑' => new('\0', ConsoleKey.UpArrow, false, false, false),
        '↓' => new('\0', ConsoleKey.DownArrow, false, false, false),
        '\t' => new('\t', ConsoleKey.Tab, false, false, false),
        '\r' => new('\r', ConsoleKey.Enter, false, false, false),
        _ => new(character, default, false, false, false),
    };

    private static ConsoleKeyInfo Control(ConsoleKey key) =>
        new((char)(key - ConsoleKey.A + 1), key, false, false, true);

    private sealed class Words : ILineCompletion
    {
        public string[] Known { get; set; } = [];

        public IReadOnlyList<string> WordsFor(string head)
        {
            string last = head[(head.LastIndexOf(' ') + 1)..];
            return [.. Known.Where(word => word.StartsWith(last, StringComparison.OrdinalIgnoreCase))];
        }
    }
}
