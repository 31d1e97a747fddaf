using System.Diagnostics.Metrics;
using Shoal.Core.Roster;
using Shoal.Net.Rpc;

namespace Shoal.Hosts.Audit;

/// <summary>What a hub is told about the log of its operations.</summary>
public sealed record AuditTrailOptions
{
    /// <summary>Where the log's side is; port 0: its port mapper knows.</summary>
    public required EndpointText Target { get; init; }

    /// <summary>Asks for the port; by default as a machine's own programs do.</summary>
    public PortMapper PortMapper { get; init; } = new(new PortMapperOptions());

    /// <summary>Operations that are kept at most; 10 million by default. Later ones are dropped, and counted.</summary>
    public long MostKept { get; init; } = 10_000_000;

    /// <summary>Operations that wait in memory while the disk takes none; 100,000 by default.</summary>
    public int MostWaiting { get; init; } = 100_000;

    /// <summary>Operations that are sent before one is confirmed; 256 by default.</summary>
    public int MostAtOnce { get; init; } = 256;

    /// <summary>How long the confirmations are waited for; 10 s by default.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first wait after a failure; 250 ms by default. It doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait after a failure; 10 s by default.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes the meter; null by default: one that nobody else has.</summary>
    public IMeterFactory? Meters { get; init; }
}
