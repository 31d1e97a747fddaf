using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A network of which one machine cannot reach some hosts; walls may come and go.</summary>
internal sealed class WalledTransport(ITransport inner, Func<string, bool> isWalled) : ITransport
{
    public ValueTask<ITransportListener> ListenAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        inner.ListenAsync(endpoint, cancellationToken);

    public ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        isWalled(endpoint.Host)
            ? ValueTask.FromResult<DialResult>(new DialResult.Failed($"cannot connect to {endpoint}: a wall"))
            : inner.DialAsync(endpoint, cancellationToken);
}
