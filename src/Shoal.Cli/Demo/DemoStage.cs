using System.Globalization;
using Shoal.Cli.Frame;
using Shoal.Cli.Rendering;

namespace Shoal.Cli.Demo;

/// <summary>What every job of a demo plays on: what was told, the screen, and a folder of its own.</summary>
/// <param name="Arguments">What the command was told.</param>
/// <param name="Screen">Where results go.</param>
/// <param name="Lines">Where a person follows it.</param>
/// <param name="Folder">The job's folder.</param>
internal sealed record DemoStage(
    DemoArguments Arguments, CommandScreen Screen, ScreenLines Lines, DemoFolder Folder)
{
    private const int Columns = 104;

    /// <summary>Shows a command line as a person would type it, on as many lines as it needs.</summary>
    public void ShowCommand(IReadOnlyList<string> words)
    {
        string line = "  shoal";
        for (int i = 0; i < words.Count; i++)
        {
            // A flag stays with its value.
            string next = words[i].StartsWith('-') && i + 1 < words.Count && !words[i + 1].StartsWith('-')
                ? $" {words[i]} {words[++i]}"
                : $" {words[i]}";
            if (line.Length + next.Length > Columns)
            {
                Lines.WriteLine($"{line} \\");
                line = "     ";
            }

            line += next;
        }

        Lines.WriteLine(line);
    }

    /// <summary>Does work in countable steps, with the count on the screen.</summary>
    public async Task CountAsync(string what, int total, Func<Action, Task> work)
    {
        int count = 0;
        try
        {
            await work(() => Lines.SetLive(string.Create(
                CultureInfo.InvariantCulture, $"{what}: {Interlocked.Increment(ref count)} of {total}")));
        }
        finally
        {
            Lines.SetLive();
        }
    }
}
