using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Core.Lottery;
using Shoal.Hosts.Agency;

namespace Shoal.Cli.Lottery;

/// <summary>
/// Shows how far an agency is: live on a terminal, else a line whenever some seconds have passed and something has
/// changed.
/// </summary>
internal sealed class AgencyDisplay(ScreenLines screen, TimeProvider time)
{
    private readonly RateMeter _bets = new();
    private readonly RateMeter _bytes = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextPlain = ProgressDisplay.PlainInterval;
    private string _last = "";

    /// <summary>Shows a snapshot.</summary>
    public void Show(AgencyProgress progress)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        _bets.Add(now, progress.StoredBets);
        _bytes.Add(now, progress.ReadBytes);
        if (screen.IsTerminal)
        {
            screen.SetLive(Line(progress));
        }
        else if (now >= _nextPlain && Line(progress) is var line && line != _last)
        {
            _nextPlain = now + ProgressDisplay.PlainInterval;
            _last = line;
            screen.WriteLine(line);
        }
    }

    /// <summary>Takes the live lines away.</summary>
    public void End() => screen.SetLive();

    private string Line(AgencyProgress progress)
    {
        string bad = progress.BadLines > 0 ? $", {progress.BadLines} lines are no bets" : "";
        return progress.Step switch
        {
            AgencyStep.Pausing => $"waiting for the hub: {progress.StoredBets} bets stored{bad}",
            AgencyStep.Connecting => "connecting to the hub",
            AgencyStep.Sending =>
                $"sending: {Share(progress)} of the file, {progress.StoredBets} bets stored, "
                + $"{_bets.PerSecond:0} bets/s, {progress.InFlight} batches in flight, {Left(progress)} left{bad}",
            _ => $"waiting for the draw: {progress.StoredBets} bets stored{bad}",
        };
    }

    private static string Share(AgencyProgress progress) => ProgressBar.Percent(
        progress.TotalBytes > 0 ? (double)progress.ReadBytes / progress.TotalBytes : 1);

    private string Left(AgencyProgress progress) =>
        _bytes.TimeFor(progress.TotalBytes - progress.ReadBytes) is { } left
            ? new Duration(left).ToWait()
            : "unknown time";
}
