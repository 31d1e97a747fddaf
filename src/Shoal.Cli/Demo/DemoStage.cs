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
