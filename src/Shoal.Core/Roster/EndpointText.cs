using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Shoal.Core.Roster;

/// <summary>
/// Where a process listens or is dialled, as people write it: <c>HOST:PORT</c>, <c>1.2.3.4:PORT</c> or
/// <c>[IPV6]:PORT</c>.
/// </summary>
/// <param name="Host">
/// A name or an address, without brackets; empty: every address of this machine (to listen on).
/// </param>
/// <param name="Port">0 to 65535; 0: any free port (to listen on).</param>
public readonly record struct EndpointText(string Host, int Port)
{
    // RFC 1035: a name has at most 253 characters as it is written.
    private const int LongestHost = 253;

    /// <summary>Whether it is of this machine alone.</summary>
    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Whether it means every address of this machine; such a one can be listened on, but not dialled.
    /// </summary>
    public bool IsAny =>
        Host.Length == 0
        || (IPAddress.TryParse(Host, out IPAddress? address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">The port of a text that names none; null: it must name one.</param>
    /// <param name="endpoint">The address, if it is one.</param>
    public static bool TryParse(string text, int? defaultPort, out EndpointText endpoint) =>
        TryParse(text, defaultPort, out endpoint, out _);

    /// <summary>Reads an address, or says what is wrong with the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">The port of a text that names none; null: it must name one.</param>
    /// <param name="endpoint">The address, if it is one.</param>
    /// <param name="reason">Else what is wrong, for the person who wrote it, and how to write it.</param>
    public static bool TryParse(
        string text, int? defaultPort, out EndpointText endpoint, [NotNullWhen(false)] out string? reason)
    {
        endpoint = default;
        if (!TrySplit(text.Trim(), out string host, out string? port, out reason))
        {
            return false;
        }

        if (host.Length is 0 or > LongestHost || !host.All(IsHostCharacter))
        {
            reason = $"'{text}' names no host; write HOST:PORT, as in 192.168.1.5:9999 or [fd00::7]:9999";
            return false;
        }

        int number = defaultPort ?? -1;
        if (port is null ? defaultPort is null : !TryParsePort(port, out number))
        {
            reason = $"'{text}' names no port from 0 to 65535; write HOST:PORT, as in 192.168.1.5:9999";
            return false;
        }

        if (port is null && TryParsePort(host, out _))
        {
            reason = $"'{text}' is only a number; write HOST:PORT, as in 127.0.0.1:{host}";
            return false;
        }

        endpoint = new EndpointText(host, number);
        return true;
    }

    /// <summary>The text of a socket's address.</summary>
    public static EndpointText From(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => new(ip.Address.MapToIPv4().ToString(), ip.Port),
        IPEndPoint ip => new(ip.Address.ToString(), ip.Port),
        _ => new(endPoint?.ToString() ?? "unknown", 0),
    };

    /// <summary>The address as it is written, with brackets around an IPv6 address.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TrySplit(
        string text, out string host, out string? port, [NotNullWhen(false)] out string? reason)
    {
        (host, port, reason) = (text, null, null);
        int colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            bool isClosed = close > 0 && (close == text.Length - 1 || text[close + 1] == ':');
            host = isClosed ? text[1..close] : "";
            port = isClosed && close < text.Length - 1 ? text[(close + 2)..] : null;
            if (host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out _))
            {
                return true;
            }

            reason = $"'{text}' has no IPv6 address in its brackets; write [fd00::7]:9999";
            return false;
        }

        if (text.IndexOf(':', StringComparison.Ordinal) != colon)
        {
            reason = $"'{text}' has several colons; write an IPv6 address in brackets: [fd00::7]:9999";
            return false;
        }

        if (colon >= 0)
        {
            (host, port) = (text[..colon], text[(colon + 1)..]);
        }

        return true;
    }

    // Underscores are not in the standard, but are in use; % is for the zone of a link-local address.
    private static bool IsHostCharacter(char c) =>
        char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%';

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port <= IPEndPoint.MaxPort;
}
