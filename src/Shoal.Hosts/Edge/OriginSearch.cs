using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Edge;

/// <summary>Finds the origin of a tier by its hub, and dials it.</summary>
internal sealed class OriginSearch(TierHostOptions options, TierShell shell, ITransport transport)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HubGlance _glance = new(options.Hub, options.Key, options.Silence, transport, shell.Time);

    /// <summary>Waits until the origin is there and connected, as long as patience lasts.</summary>
    /// <exception cref="HostException">It is not there in time, or nobody will talk here.</exception>
    public async Task<TierLink> FindAsync(CancellationToken cancellationToken)
    {
        long began = shell.Time.GetTimestamp();
        string? known = null;
        while (true)
        {
            GlanceResult seen = await _glance.AskAsync(options.Swarm, cancellationToken);
            Member? origin = seen.Heard.OfType<HubMessage.Joined>().FirstOrDefault()?.Member;
            if (origin is not null
                && await shell.DialAsync(origin.Id, origin.Endpoints, cancellationToken) is { } link)
            {
                return link;
            }

            string reason = seen.Problem
                ?? (origin is null
                    ? $"the hub at {options.Hub} knows no origin of the tier '{options.Tier}'"
                    : $"the origin {origin.Name} cannot be reached at {string.Join(", ", origin.Endpoints)}");
            if (seen.IsFinal || shell.Time.GetElapsedTime(began) >= options.Patience)
            {
                throw new HostException(
                    $"{reason}. Start 'shoal origin' first, or give more --patience.");
            }

            Tell(reason, known);
            known = reason;
            await Task.Delay(Pause, shell.Time, cancellationToken);
        }
    }

    // An origin that starts later is nothing unusual: a line says so, not two a second.
    private void Tell(string reason, string? known)
    {
        if (reason == known)
        {
            shell.Log.StillSearching(options.Tier, reason);
        }
        else
        {
            shell.Log.Searching(options.Tier, reason);
        }
    }
}
