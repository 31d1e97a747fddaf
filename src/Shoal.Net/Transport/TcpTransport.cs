using System.Net;
using System.Net.Sockets;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>How TCP connections are opened.</summary>
public sealed record TcpOptions
{
    /// <summary>How long a dial may take in all, name and every address; 5 s by default.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that the system keeps until they are accepted; 512 by default.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>
    /// Bytes that the system takes before they have gone, beyond what is in flight; 64 KiB by default. More
    /// would only stand between a have or a request and the link. Linux only.
    /// </summary>
    public int UnsentBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// The same within a machine; 1 MiB by default. There a full buffer is empty again in milliseconds, unless the
    /// other end is slow on purpose, and each refill wakes somebody.
    /// </summary>
    public int UnsentBytesWithinMachine { get; init; } = 1024 * 1024;

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Connections over TCP, IPv4 and IPv6.</summary>
public sealed class TcpTransport(TcpOptions options) : ITransport
{
    private static readonly TimeSpan LeastPerAddress = TimeSpan.FromSeconds(1);

    // All connections of a process share its link.
    private readonly WindowStretch _stretch = new(options.Time);

    /// <inheritdoc/>
    public async ValueTask<ITransportListener> ListenAsync(
        EndpointText endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return TcpTransportListener.Start(
                await ListenAddress.FindAsync(endpoint, cancellationToken), options, _stretch);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw ListenAddress.Explain(endpoint, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        long started = options.Time.GetTimestamp();
        using var limit = new Deadline(options.ConnectLimit, options.Time, cancellationToken);
        string reason;
        try
        {
            IPAddress[] addresses = await AddressesToDialAsync(endpoint.Host, limit.Token);
            reason = "the name has no address";
            for (int i = 0; i < addresses.Length; i++)
            {
                // Each address gets its part of what is left, so that a dead one does not eat the time of the
                // next.
                TimeSpan left = options.ConnectLimit - options.Time.GetElapsedTime(started);
                TimeSpan part = left / (addresses.Length - i);
                var address = new IPEndPoint(addresses[i], endpoint.Port);
                DialResult result =
                    await DialOneAsync(address, part < LeastPerAddress ? left : part, limit.Token);
                if (result is not DialResult.Failed failed)
                {
                    return result;
                }

                reason = failed.Reason;
            }
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            reason = TimedOut(options.ConnectLimit);
        }

        return new DialResult.Failed($"cannot connect to {endpoint}: {reason}");
    }

    internal static TransportConnection Wrap(Socket socket, TcpOptions options, WindowStretch stretch)
    {
        // Frames are handed over whole: waiting for more bytes would only delay the last of them.
        socket.NoDelay = true;

        // Within a machine there is no link whose queues could overflow.
        bool isWithinMachine = IsWithinMachine((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!);
        if (isWithinMachine)
        {
            LinuxTcp.DoNotPace(socket);
        }

        LinuxTcp.LimitUnsent(socket, isWithinMachine ? options.UnsentBytesWithinMachine : options.UnsentBytes);
        EndpointText local = EndpointText.From(socket.LocalEndPoint);
        EndpointText remote = EndpointText.From(socket.RemoteEndPoint);
        return new TransportConnection(
            new NetworkStream(socket, ownsSocket: true), local, remote, () => FinishSending(socket))
        {
            Files = OperatingSystem.IsLinux() ? new FileSender(socket) : null,
            Window = isWithinMachine ? null : new ReceiveWindow(socket, stretch, options.Time),
        };
    }

    // Whoever dials an address of its own machine does so from that address, whichever it is.
    internal static bool IsWithinMachine(IPEndPoint local, IPEndPoint remote)
    {
        IPAddress other = remote.Address;
        return other.Equals(local.Address)
            || IPAddress.IsLoopback(other.IsIPv4MappedToIPv6 ? other.MapToIPv4() : other);
    }

    private static void FinishSending(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone already, so the other end knows.
        }
    }

    private async ValueTask<DialResult> DialOneAsync(
        IPEndPoint address, TimeSpan most, CancellationToken outer)
    {
        using var limit = new Deadline(most, options.Time, outer);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (IPAddress.IsLoopback(address.Address))
            {
                LinuxTcp.DoNotPace(socket);
            }

            await socket.ConnectAsync(address, limit.Token);
            return new DialResult.Connected(Wrap(socket, options, _stretch));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return new DialResult.Failed(e.Message);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            outer.ThrowIfCancellationRequested();
            return new DialResult.Failed(TimedOut(most));
        }
    }

    private static string TimedOut(TimeSpan limit) => $"no answer within {limit.TotalSeconds:0.#} s";

    private static async ValueTask<IPAddress[]> AddressesToDialAsync(
        string host, CancellationToken cancellationToken)
    {
        if (host.Length == 0)
        {
            throw new ArgumentException("there is no host to dial");
        }

        // An address for listening stands for this machine when it is dialled.
        return IPAddress.TryParse(host, out IPAddress? address)
            ? [address.Equals(IPAddress.Any) ? IPAddress.Loopback
                : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);
    }
}
