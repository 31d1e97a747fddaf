using Shoal.Hosts.Peer;
using Shoal.Cli.Rendering;

namespace Shoal.Cli.Progress;

/// <summary>
/// Shows the progress of a join: live on a terminal, else a line whenever some seconds have passed.
/// </summary>
internal sealed class ProgressDisplay(ScreenLines screen, TimeProvider time)
{
    /// <summary>
    /// Where nobody looks, a line comes at most so often while the phase is the same, and none that says nothing new.
    /// </summary>
    public static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly ProgressLines _lines = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextPlain = TimeSpan.Zero;
    private PeerPhase? _phase;
    private string? _said;

    /// <summary>Shows a snapshot.</summary>
    public void Show(PeerProgress progress)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        _lines.Add(now, progress);
        if (screen.IsTerminal)
        {
            screen.SetLive(_lines.Screen(progress, screen.Width));
            return;
        }

        if (now >= _nextPlain || progress.Phase != _phase)
        {
            _phase = progress.Phase;
            _nextPlain = now + PlainInterval;
            string summary = _lines.Summary(progress);
            if (summary != _said)
            {
                _said = summary;
                screen.WriteLine(summary);
            }
        }
    }

    /// <summary>Takes the live lines away; what follows is the report.</summary>
    public void End() => screen.SetLive();
}
