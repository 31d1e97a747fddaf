using System.Globalization;
using System.Net;

namespace Shoal.Net.Transport;

/// <summary>
/// An address as people write it: <c>HOST:PORT</c>, <c>1.2.3.4:PORT</c> or <c>[IPV6]:PORT</c>.
/// </summary>
/// <param name="Host">
/// A name or an address, without brackets; empty: every address of this machine (to listen on).
/// </param>
/// <param name="Port">0 to 65535; 0: any free port (to listen on).</param>
public readonly record struct EndpointText(string Host, int Port)
{
    private const int LongestHost = 253;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">The port of a text that names none; null: it must name one.</param>
    /// <param name="endpoint">The address, if it is one.</param>
    public static bool TryParse(string text, int? defaultPort, out EndpointText endpoint)
    {
        endpoint = default;
        ReadOnlySpan<char> host;
        ReadOnlySpan<char> rest;
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            host = close < 0 ? default : text.AsSpan(1, close - 1);
            rest = close < 0 ? default : text.AsSpan(close + 1);
            if (!IPAddress.TryParse(host, out IPAddress? address)
                || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            {
                return false;
            }
        }
        else
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            host = colon < 0 ? text : text.AsSpan(0, colon);
            rest = colon < 0 ? default : text.AsSpan(colon);
            if (!IsHost(host))
            {
                return false;
            }
        }

        if (!TryParsePort(rest, defaultPort, out int port))
        {
            return false;
        }

        endpoint = new EndpointText(host.ToString(), port);
        return true;
    }

    /// <summary>The text of a socket's address.</summary>
    public static EndpointText From(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => new(ip.Address.MapToIPv4().ToString(), ip.Port),
        IPEndPoint ip => new(ip.Address.ToString(), ip.Port),
        _ => new(endPoint?.ToString() ?? "unknown", 0),
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
    }

    private static bool TryParsePort(ReadOnlySpan<char> rest, int? defaultPort, out int port)
    {
        port = defaultPort ?? 0;
        return rest.IsEmpty
            ? defaultPort is not null
            : rest[0] == ':'
                && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port <= IPEndPoint.MaxPort;
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        foreach (char c in host)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or '[' or ']' or '@')
            {
                return false;
            }
        }

        return host.Length <= LongestHost;
    }
}
