using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>The addresses of this machine that others may dial.</summary>
public static class LocalAddresses
{
    /// <summary>Where others shall dial somebody who listens.</summary>
    /// <param name="listening">The address of a listener, with its port.</param>
    /// <param name="hub">The hub that the others can reach too.</param>
    /// <param name="advertised">
    /// What a user says instead, the best first; port 0 stands for the listener's. Empty: nothing.
    /// </param>
    public static ImmutableArray<EndpointText> For(
        EndpointText listening, EndpointText hub, ImmutableArray<EndpointText> advertised) => advertised.IsEmpty
        ? For(listening, hub)
        : [.. advertised.Select(address => address.Port == 0 ? address with { Port = listening.Port } : address)];

    /// <summary>
    /// Where to dial somebody who listens at <paramref name="listening"/>: that address itself, or, where it
    /// means every address of this machine, the one that faces <paramref name="hub"/> and then the others.
    /// </summary>
    /// <param name="listening">The address of a listener, with its port.</param>
    /// <param name="hub">The hub that the other peers can reach too.</param>
    public static ImmutableArray<EndpointText> For(EndpointText listening, EndpointText hub)
    {
        if (!listening.IsAny)
        {
            return [listening];
        }

        var addresses = new List<IPAddress>();
        if (Facing(hub) is { } facing)
        {
            addresses.Add(facing);
        }

        bool isV6 = listening.Host.Length == 0 || listening.Host.Contains(':', StringComparison.Ordinal);
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (network.OperationalStatus != OperationalStatus.Up)
            {
                continue;
            }

            foreach (UnicastIPAddressInformation unicast in network.GetIPProperties().UnicastAddresses)
            {
                IPAddress address = unicast.Address;
                if (!IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !addresses.Contains(address)
                    && (isV6 || address.AddressFamily == AddressFamily.InterNetwork))
                {
                    addresses.Add(address);
                }
            }
        }

        if (addresses.Count == 0)
        {
            addresses.Add(IPAddress.Loopback);
        }

        return [.. addresses.Take(Core.Wire.WireLimits.Endpoints)
            .Select(address => EndpointText.From(new IPEndPoint(address, listening.Port)))];
    }

    /// <summary>The local address that the system would use to reach the hub; nothing is sent to find out.</summary>
    private static IPAddress? Facing(EndpointText hub)
    {
        try
        {
            IPAddress remote = IPAddress.TryParse(hub.Host, out IPAddress? address)
                ? address
                : Dns.GetHostAddresses(hub.Host)[0];
            using var socket = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(remote, Math.Max(hub.Port, 1)));
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
