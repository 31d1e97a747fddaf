using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Hub;

/// <summary>What a swarm at the hub says of itself, to log and metrics; never for a decision.</summary>
internal sealed class SwarmTeller(string swarm, HubMetrics metrics, ILogger log)
{
    /// <summary>A member said something.</summary>
    public void Received(LinkId link, MemberMessage message)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Received(swarm, link.Value, message.GetType().Name);
        }
    }

    /// <summary>A member is told something.</summary>
    public void Sent(LinkId link, HubMessage message)
    {
        metrics.Sent();
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Sent(swarm, link.Value, message.GetType().Name);
        }
    }

    /// <summary>A connection is closed for something that was wrong.</summary>
    public void Disconnected(EndpointText remote, string reason)
    {
        metrics.Disconnected();
        log.Disconnected(swarm, remote.ToString(), reason);
    }

    /// <summary>The start barrier has opened.</summary>
    public void Started(int members) => log.Started(swarm, members);

    /// <summary>A run has ended.</summary>
    /// <param name="report">What came of it.</param>
    /// <param name="sinceHubStart">When, from the start of the hub.</param>
    public void Finished(ExchangeReport report, TimeSpan sinceHubStart)
    {
        metrics.Finished(report);
        log.Finished(
            swarm, report.Makespan.TotalMilliseconds, report.LowerBound.TotalMilliseconds, report.Ratio,
            StateWord.Of(report.BoundSource), report.Binding, report.ContentBytes, report.Peers.Length,
            sinceHubStart.TotalMilliseconds);
    }

    /// <summary>Nobody is here any more.</summary>
    /// <param name="relayedIn">Payload that members uploaded to the relay, in bytes.</param>
    /// <param name="relayedOut">Payload that it delivered, in bytes.</param>
    public void Ended(long relayedIn, long relayedOut)
    {
        if (relayedIn > 0)
        {
            log.Relayed(swarm, relayedIn, relayedOut);
        }

        log.SwarmEnded(swarm);
    }

    /// <summary>The machine has something to tell.</summary>
    public void Tell(SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.MemberJoined joined:
                metrics.MemberJoined();
                log.Joined(swarm, joined.Member.Id.Brief, joined.Member.Name, joined.Member.JoinOrder);
                break;
            case SwarmNote.MemberGone gone:
                metrics.MemberGone();
                log.Gone(swarm, gone.Member.Id.Brief, gone.Member.Name, StateWord.Of(gone.Departure));
                break;
            case SwarmNote.Blamed blamed:
                log.Blamed(
                    swarm, blamed.From.Brief, blamed.Chunk.Content.Brief, blamed.Chunk.Index.Value, blamed.Count);
                break;
            case SwarmNote.Replanned plan:
                log.Planned(swarm, plan.Epoch);
                break;
            case SwarmNote.ContentWithdrawn withdrawn:
                log.Withdrawn(swarm, withdrawn.Content.Brief, withdrawn.By.Brief);
                break;
            default:
                log.Clock(swarm, note);
                break;
        }
    }
}
