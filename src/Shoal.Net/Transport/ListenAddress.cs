using System.Net;
using System.Net.Sockets;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>Where a program listens that was told so, over whatever protocol, and why it cannot.</summary>
public static class ListenAddress
{
    /// <summary>The address to listen at; no host, or *, is every address of this machine.</summary>
    /// <exception cref="SocketException">The name cannot be looked up.</exception>
    /// <exception cref="ArgumentException">The name has no address.</exception>
    public static async ValueTask<IPEndPoint> FindAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        new(await FindAsync(endpoint.Host, cancellationToken), endpoint.Port);

    /// <summary>A failure for people, which says what to do about it where they can do something.</summary>
    /// <param name="endpoint">Where it was to listen.</param>
    /// <param name="e">What the system said.</param>
    public static IOException Explain(EndpointText endpoint, Exception e) =>
        new($"cannot listen on {endpoint}: {ReasonOf(e)}", e);

    private static async ValueTask<IPAddress> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (host is "" or "*")
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return address;
        }

        // A name may have several addresses and a socket listens on one: IPv4 is the one that everybody can dial.
        IPAddress[] found = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? found.FirstOrDefault()
            ?? throw new ArgumentException($"the name {host} has no address");
    }

    private static string ReasonOf(Exception e) => SocketErrorOf(e) switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there; end it, or name another port",
        SocketError.AddressNotAvailable => "this machine has no such address; name one that it has, or 0.0.0.0",
        SocketError.AccessDenied => "this port is not for everybody; name one above 1023",
        _ => e.Message,
    };

    // Others wrap what the socket said, and say less.
    private static SocketError? SocketErrorOf(Exception? e) =>
        e is null ? null : (e as SocketException)?.SocketErrorCode ?? SocketErrorOf(e.InnerException);
}
