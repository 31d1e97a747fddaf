using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shoal.Net.Transport;

namespace Shoal.Cli.Parsing;

/// <summary>An address to listen on or to dial: <c>10.0.0.7:9999</c>, <c>hub.lan:9999</c>, <c>[fd00::7]:9999</c>.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">From 0 (any free port) to 65535.</param>
internal readonly record struct HostPort(string Host, int Port)
{
    private const int LongestHost = 253;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">The port if the text names none; null: it must name one.</param>
    /// <param name="address">The address.</param>
    /// <param name="reason">Else what is wrong with the text.</param>
    public static bool TryParse(
        string text, int? defaultPort, out HostPort address, [NotNullWhen(false)] out string? reason)
    {
        address = default;
        reason = null;
        string trimmed = text.Trim();
        if (!TrySplit(trimmed, out string host, out string? port, out reason))
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

        address = new HostPort(host, number);
        return true;
    }

    /// <summary>Whether it is an address of this machine alone.</summary>
    public bool IsLoopback => LocalAddresses.IsLoopback(Host);

    /// <summary>The same for the hosts.</summary>
    public EndpointText ToEndpoint() => new(Host, Port);

    /// <summary>The address as it is written, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':')
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static bool TrySplit(
        string text, out string host, out string? port, [NotNullWhen(false)] out string? reason)
    {
        (host, port, reason) = (text, null, null);
        int colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']');
            bool isClosed = close > 0 && (close == text.Length - 1 || text[close + 1] == ':');
            host = isClosed ? text[1..close] : "";
            port = isClosed && close < text.Length - 1 ? text[(close + 2)..] : null;
            if (IPAddress.TryParse(host, out IPAddress? inside)
                && inside.AddressFamily == AddressFamily.InterNetworkV6)
            {
                return true;
            }

            reason = $"'{text}' has no IPv6 address in its brackets; write [fd00::7]:9999";
            return false;
        }

        if (text.IndexOf(':') != colon)
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
