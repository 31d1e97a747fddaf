using Shoal.Core.Members;
using Shoal.Core.Roster;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Members;

/// <summary>Looks whether users' machines still accept connections where they say that they listen.</summary>
internal sealed class PresenceProbe(ITransport transport, TimeSpan limit, int most, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);

    /// <summary>Probes one machine; waits while too many probes are under way.</summary>
    public async Task<ProbeResult> ProbeAsync(ConnectedUser user, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        using var patience = new Deadline(limit, time, cancellationToken);
        try
        {
            DialResult result = await transport.DialAsync(new EndpointText(user.Address, user.Port), patience.Token);
            if (result is not DialResult.Connected connected)
            {
                return ProbeResult.Silent;
            }

            connected.Connection.Dispose();
            return ProbeResult.Answered;
        }
        catch (OperationCanceledException) when (patience.HasPassed)
        {
            return ProbeResult.Silent;
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
