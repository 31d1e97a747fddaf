using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Conform;

namespace Shoal.Cli.Conform;

/// <summary>
/// Shows which case of a check is run, most of which is waiting: live on a terminal, else a line whenever some seconds
/// have passed.
/// </summary>
internal sealed class ConformDisplay(ScreenLines screen, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextPlain = ProgressDisplay.PlainInterval;

    /// <summary>Shows that the first question is asked.</summary>
    public void Begin() => screen.SetLive("finding out in which style it answers");

    /// <summary>Shows a case that begins.</summary>
    public void Show(ConformProgress progress)
    {
        string line = $"{progress.Done} of {progress.Total} cases done, now: {progress.Case}";
        if (screen.IsTerminal)
        {
            screen.SetLive(line);
        }
        else if (time.GetElapsedTime(_start) is var now && now >= _nextPlain)
        {
            _nextPlain = now + ProgressDisplay.PlainInterval;
            screen.WriteLine(line);
        }
    }

    /// <summary>Takes the live line away.</summary>
    public void End() => screen.SetLive();
}
