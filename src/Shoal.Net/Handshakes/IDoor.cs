using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Net.Handshakes;

/// <summary>Where connections come in that have been let in: a door of one's own, or a part of a shared one.</summary>
public interface IDoor : IAsyncDisposable
{
    /// <summary>Where it listens, with the port that was chosen.</summary>
    EndpointText Local { get; }

    /// <summary>Waits for the next connection; null: the door is closed.</summary>
    ValueTask<TransportConnection?> AcceptAsync(CancellationToken cancellationToken);
}
