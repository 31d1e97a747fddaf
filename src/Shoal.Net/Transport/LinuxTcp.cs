using System.Net.Sockets;

namespace Shoal.Net.Transport;

/// <summary>
/// What only Linux lets a program ask of TCP (tcp(7)). On other systems, and where the kernel refuses, nothing changes.
/// </summary>
public static class LinuxTcp
{
    private const int Level = 6;
    private const int WindowClamp = 10;
    private const int Info = 11;
    private const int CongestionControl = 13;
    private const int NotSentLowWaterMark = 25;

    /// <summary>
    /// Keeps a connection from being paced; for those within a machine. Between two programs on one machine there is no
    /// link that could be congested; a congestion control that paces, as BBR does, would only arm a timer for every few
    /// packets, which halves what loopback carries on a virtual machine. RFC 5681's, which every kernel has, does not.
    /// </summary>
    /// <param name="socket">
    /// A TCP socket: best one that is still to dial or to listen, as those that it accepts inherit it. One that is
    /// connected already keeps a pace that is too fast to matter.
    /// </param>
    public static void DoNotPace(Socket socket) => Try(socket, CongestionControl, "reno"u8);

    /// <summary>Bounds the bytes that the system takes before they have gone, beyond what is in flight.</summary>
    internal static void LimitUnsent(Socket socket, int bytes) =>
        Try(socket, NotSentLowWaterMark, BitConverter.GetBytes(bytes));

    /// <summary>Bounds the window that is advertised, until the kernel raises it with its buffer.</summary>
    /// <returns>Whether it could be done.</returns>
    internal static bool LimitWindow(Socket socket, int bytes) =>
        Try(socket, WindowClamp, BitConverter.GetBytes(bytes));

    /// <summary>Reads the time of a round trip as it is now (smoothed), and the shortest so far.</summary>
    /// <returns>Both, or null as long as the kernel has none, or cannot say.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    internal static (TimeSpan Now, TimeSpan Least)? RoundTripsOf(Socket socket)
    {
        const int NowAt = 68;
        const int LeastAt = 148;
        Span<byte> info = stackalloc byte[LeastAt + sizeof(uint)];
        int length = socket.GetRawSocketOption(Level, Info, info);
        uint least = length == info.Length ? BitConverter.ToUInt32(info[LeastAt..]) : 0;
        return least is 0 or uint.MaxValue
            ? null
            : (TimeSpan.FromMicroseconds((double)BitConverter.ToUInt32(info[NowAt..])),
                TimeSpan.FromMicroseconds((double)least));
    }

    private static bool Try(Socket socket, int option, ReadOnlySpan<byte> value)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            socket.SetRawSocketOption(Level, option, value);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A connection that is gone says so when it is next read or written.
            return false;
        }
    }
}
