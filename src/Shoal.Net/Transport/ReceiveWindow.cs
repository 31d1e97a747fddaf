using System.Net.Sockets;

namespace Shoal.Net.Transport;

/// <summary>
/// Keeps what is under way on a connection to what fills the link and little more: it bounds the window that TCP
/// advertises to the other end (RFC 9293, section 3.8.6) by the rate at which bytes come and the shortest round trip.
/// Without, the kernel lets the window grow until a queue on the way overflows, and on short runs the losses and the
/// long round trips cost more than any queue gains. One task calls it. Linux only; elsewhere it does nothing.
/// </summary>
public sealed class ReceiveWindow
{
    /// <summary>The smallest window, in bytes.</summary>
    public const int Least = 64 * 1024;

    /// <summary>The largest window, in bytes; the kernel's own limit is usually lower.</summary>
    public const int Most = 64 * 1024 * 1024;

    // What may wait in queues on the way: enough to bridge what schedulers do, a third of what cheap links have
    // room for.
    private static readonly TimeSpan Queue = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // Nothing came for so long because nothing was asked for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly WindowStretch _stretch;
    private readonly TimeProvider _time;
    private int _window = Least;
    private long _since;
    private long _last;
    private long _bytes;
    private int _largest;
    private TimeSpan _leastRoundTrip;
    private bool _isOff = !OperatingSystem.IsLinux();

    internal ReceiveWindow(Socket socket, WindowStretch stretch, TimeProvider time)
    {
        _socket = socket;
        _stretch = stretch;
        _time = time;
    }

    /// <summary>Bytes were read at once.</summary>
    public void Received(int bytes)
    {
        if (_isOff)
        {
            return;
        }

        _stretch.Received(bytes);
        long now = _time.GetTimestamp();
        bool isAfterPause = _time.GetElapsedTime(_last, now) > Pause;
        _last = now;
        if (_since == 0 || isAfterPause)
        {
            Advertise();
            (_since, _bytes, _largest) = (now, 0, 0);
            return;
        }

        _bytes += bytes;
        _largest = Math.Max(_largest, bytes);
        TimeSpan elapsed = _time.GetElapsedTime(_since, now);
        if (elapsed < Interval)
        {
            return;
        }

        Measure();
        if (elapsed >= _leastRoundTrip)
        {
            _window = Next(_window, _bytes / elapsed.TotalSeconds, _largest, _leastRoundTrip, _stretch.Value);
            Advertise();
            (_since, _bytes, _largest) = (now, 0, 0);
        }
    }

    /// <summary>The window to advertise next.</summary>
    /// <param name="window">The window now, in bytes.</param>
    /// <param name="bytesPerSecond">The rate at which bytes came.</param>
    /// <param name="largestRead">
    /// The most bytes that waited to be read: half a window, and the reader is the slow one.
    /// </param>
    /// <param name="leastRoundTrip">The shortest round trip so far.</param>
    /// <param name="stretch">How many times the smallest window it may be at any rate, from 1.</param>
    internal static int Next(
        int window, double bytesPerSecond, int largestRead, TimeSpan leastRoundTrip, double stretch)
    {
        // Twice the round trip: as long as there is no queue, the window doubles in each, as in slow start.
        double wanted = largestRead >= window / 2
            ? 2.0 * window
            : Math.Max(stretch * Least, bytesPerSecond * ((2 * leastRoundTrip) + Queue).TotalSeconds);
        return (int)Math.Clamp(Math.Clamp(wanted, window / 2.0, 2.0 * window), Least, Most);
    }

    // Each time: the kernel raises it with its buffer.
    private void Advertise() => _isOff = !LinuxTcp.LimitWindow(_socket, _window);

    private void Measure()
    {
        try
        {
            if (LinuxTcp.RoundTripsOf(_socket) is { } roundTrips)
            {
                _leastRoundTrip = roundTrips.Least;
                TimeSpan waited = roundTrips.Now - roundTrips.Least;
                _stretch.Waited(waited > TimeSpan.Zero ? waited : TimeSpan.Zero);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _isOff = true;
        }
    }
}
