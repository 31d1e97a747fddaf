using System.Globalization;
using Shoal.Cli.Parsing;
using Shoal.Cli.Progress;
using Shoal.Cli.Rendering;
using Shoal.Hosts.Peer;

namespace Shoal.Cli.Demo;

/// <summary>
/// The progress of all peers of a demo: a line each and one for all on a terminal, elsewhere one for all now
/// and then. Peers tell from their own threads; one task shows.
/// </summary>
internal sealed class DemoProgress(ScreenLines screen, TimeProvider time, int peers, long bytesPerPeer)
{
    /// <summary>How often the lines are drawn.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Where nobody looks, a line comes so often.</summary>
    public static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(2);

    // On a screen with more peers than this the line of all says it better.
    private const int MostLines = 16;

    private const int NameColumns = 7;

    private readonly PeerProgress?[] _last = new PeerProgress?[peers];
    private readonly RateMeter[] _up = NewMeters(peers);
    private readonly RateMeter[] _down = NewMeters(peers);
    private readonly RateMeter _all = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextPlain = PlainInterval;

    private long BytesToCome => bytesPerPeer * (peers - 1);

    /// <summary>Takes a peer's snapshot; peers count from 0.</summary>
    public void Tell(int peer, PeerProgress progress) => Volatile.Write(ref _last[peer], progress);

    /// <summary>Draws what is known until it is cancelled.</summary>
    public async Task ShowAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                Show();
            }
        }
        catch (OperationCanceledException)
        {
            screen.SetLive();
        }
    }

    /// <summary>Draws what is known now.</summary>
    public void Show()
    {
        TimeSpan now = time.GetElapsedTime(_start);
        PeerProgress?[] seen = [.. Enumerable.Range(0, peers).Select(peer => Volatile.Read(ref _last[peer]))];
        long received = 0;
        for (int peer = 0; peer < peers; peer++)
        {
            if (seen[peer] is { Phase: PeerPhase.Exchanging or PeerPhase.Serving } progress)
            {
                _up[peer].Add(now, progress.BytesSent);
                _down[peer].Add(now, progress.BytesReceived);
                received += Received(progress);
            }
        }

        if (received > 0)
        {
            _all.Add(now, received);
        }

        if (screen.IsTerminal)
        {
            screen.SetLive([.. peers <= MostLines ? seen.Select(LineOf) : [], LineOfAll(received)]);
        }
        else if (now >= _nextPlain)
        {
            _nextPlain = now + PlainInterval;
            screen.WriteLine(LineOfAll(received));
        }
    }

    private string LineOf(PeerProgress? progress, int peer)
    {
        string name = TextWidth.Fit(DemoPeer.NameOf(peer), NameColumns);
        switch (progress)
        {
            case null:
                return $"{name} starts";
            case { Phase: PeerPhase.Hashing }:
                return $"{name} reads its file";
            case { Phase: PeerPhase.Connecting or PeerPhase.Waiting }:
                return $"{name} waits for the others";
            default:
                double share = BytesToCome > 0 ? (double)Received(progress) / BytesToCome : 1;
                return string.Create(CultureInfo.InvariantCulture,
                    $"{name} {ProgressBar.Of(share)} {ProgressBar.Percent(share),4}  "
                    + $"up {new BitRate(_up[peer].PerSecond),-11}  down {new BitRate(_down[peer].PerSecond),-11}");
        }
    }

    private string LineOfAll(long received)
    {
        long total = BytesToCome * peers;
        double share = total > 0 ? (double)received / total : 1;
        string bar = screen.IsTerminal
            ? $"all     {ProgressBar.Of(share)} {ProgressBar.Percent(share),4}  {new ByteSize(received)}"
            : $"all peers: {ProgressBar.Percent(share)}, {new ByteSize(received)}";
        string left = _all.TimeFor(total - received) is { } known ? new Duration(known).ToWait() : "unknown time";
        return $"{bar} of {new ByteSize(total)}, {new BitRate(_all.PerSecond)}, {left} left";
    }

    private long Received(PeerProgress progress) => Math.Max(0, progress.DoneBytes - bytesPerPeer);

    private static RateMeter[] NewMeters(int count) => [.. Enumerable.Range(0, count).Select(_ => new RateMeter())];
}
