using Shoal.Core.Roster;
using Shoal.Net.Rpc;

namespace Shoal.Hosts.Audit;

/// <summary>What the log's side is told.</summary>
public sealed record AuditOptions
{
    /// <summary>Where it listens; port 0 takes any free one.</summary>
    public required EndpointText Listen { get; init; }

    /// <summary>
    /// Prints operations; when it returns they are confirmed. An <see cref="IOException"/> has their callers keep them.
    /// </summary>
    public required Action<IReadOnlyList<string>> Print { get; init; }

    /// <summary>Whether this machine's port mapper is told; it is not by default.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Tells the port mapper; by default as a machine's own programs do.</summary>
    public PortMapper Mapper { get; init; } = new(new PortMapperOptions());

    /// <summary>Connections at the same time; 1,024 by default. One more is closed.</summary>
    public int MostConnections { get; init; } = 1024;

    /// <summary>Bytes of a call, with its marks; 64 KiB by default. A longer one costs the connection.</summary>
    public int MostRecordBytes { get; init; } = 64 * 1024;

    /// <summary>How long a caller may say nothing in the middle of a call; 10 s by default.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it may say nothing between two; 10 minutes by default.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(10);
}
