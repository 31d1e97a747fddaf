using Shoal.Cli.Conform;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Conform;

namespace Shoal.Tests.Cli;

/// <summary>What is seen of a check of a directory, which is mostly waiting.</summary>
public sealed class ConformDisplayTests : IDisposable
{
    private readonly StringWriter _writer = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_terminal_shows_the_case_that_is_run_and_nothing_when_it_is_over()
    {
        var display = new ConformDisplay(new ScreenLines(_writer, isTerminal: true, width: 60), _time);
        display.Begin();
        Assert.EndsWith("finding out in which style it answers\n", _writer.ToString(), StringComparison.Ordinal);
        display.Show(new ConformProgress(3, 167, "register twice"));
        Assert.EndsWith("3 of 167 cases done, now: register twice\n", _writer.ToString(), StringComparison.Ordinal);
        display.End();
        Assert.EndsWith("\u001b[J", _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_a_line_comes_when_some_seconds_have_passed()
    {
        var display = new ConformDisplay(new ScreenLines(_writer, isTerminal: false, width: 60), _time);
        display.Begin();
        for (int i = 0; i < 4; i++)
        {
            display.Show(new ConformProgress(i, 4, $"case {i}"));
            _time.Advance(ProgressDisplay.PlainInterval / 2);
        }

        display.End();
        Assert.Equal("2 of 4 cases done, now: case 2\n", _writer.ToString());
    }
}
