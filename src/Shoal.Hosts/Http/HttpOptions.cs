using Shoal.Core.Roster;

namespace Shoal.Hosts.Http;

/// <summary>What an HTTP door is told.</summary>
public sealed record HttpOptions
{
    /// <summary>Where it listens; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>Connections at the same time; 1,024 by default. One more is closed.</summary>
    public int MostConnections { get; init; } = 1024;

    /// <summary>The body of a request, in bytes; 1 MiB by default. A longer one gets status 413.</summary>
    public long MostBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// What has come of a request and is not read yet, in bytes; 64 KiB by default. More waits with its sender.
    /// </summary>
    public long MostUnreadBytes { get; init; } = 64 * 1024;

    /// <summary>How long the headers of a request may take to come; 5 s by default.</summary>
    public TimeSpan HeadersLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be idle between requests; a minute by default.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long requests that are under way at the end may still take; 1 s by default.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(1);
}
