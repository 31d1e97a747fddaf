using Microsoft.Extensions.Logging;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Common;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer says of itself, to its log, its metrics and whoever watches; never for a decision.</summary>
internal sealed class PeerStatus(
    PeerOptions options, Arrivals arrivals, PeerClock clock, PeerMetrics metrics, ILogger log)
{
    // The other members of the swarm that are present.
    private readonly HashSet<PeerId> _members = [];

    private PeerPhase _phase = PeerPhase.Connecting;

    /// <summary>Its name in the swarm, once the hub has said it; what it was told before.</summary>
    public string Name { get; private set; } = options.Name;

    /// <summary>The hub is there (again), and will say who is here.</summary>
    public void HubUp() => _members.Clear();

    /// <summary>The hub let it in.</summary>
    public void Welcomed(Member me)
    {
        Name = me.Name;
        _phase = _phase == PeerPhase.Connecting ? PeerPhase.Waiting : _phase;
        arrivals.Name(me);
        log.Welcomed(options.Swarm, Name, me.JoinOrder);
    }

    /// <summary>The start barrier has opened.</summary>
    public void Started() => _phase = PeerPhase.Exchanging;

    /// <summary>Takes in what the machine has to tell.</summary>
    public void Take(SwarmNote note)
    {
        switch (note)
        {
            case SwarmNote.MemberJoined joined:
                _members.Add(joined.Member.Id);
                arrivals.Name(joined.Member);
                log.MemberHere(joined.Member.Id.Brief, joined.Member.Name, joined.Member.JoinOrder);
                break;
            case SwarmNote.MemberGone gone:
                _members.Remove(gone.Member.Id);
                log.MemberGone(gone.Member.Id.Brief, gone.Member.Name, StateWord.Of(gone.Departure));
                break;
            case SwarmNote.Blamed blamed:
                log.Blamed(blamed.Chunk.Content.Brief, blamed.Chunk.Index.Value,
                    arrivals.NameOf(blamed.From), blamed.Count);
                break;
            case SwarmNote.Stolen stolen:
                metrics.Stolen();
                log.Stolen(stolen.Chunk.Content.Brief, stolen.Chunk.Index.Value, arrivals.NameOf(stolen.From),
                    arrivals.NameOf(stolen.To));
                break;
            case SwarmNote.Replanned plan:
                log.Planned(plan.Epoch);
                break;
            case SwarmNote.ContentWithdrawn withdrawn:
                log.Withdrawn(
                    arrivals.NameOf(withdrawn.Content), withdrawn.Content.Brief, arrivals.NameOf(withdrawn.By));
                break;
            case SwarmNote.Waiting waiting:
                _phase = PeerPhase.Patience;
                log.Waiting(waiting.Patience.TotalSeconds);
                break;
            default:
                clock.Take(note);
                break;
        }
    }

    /// <summary>How far it is.</summary>
    public PeerProgress Snapshot(SwarmPeer machine)
    {
        PeerPhase phase = machine.IsComplete && _phase == PeerPhase.Exchanging ? PeerPhase.Serving : _phase;
        PeerTally tally = machine.Tally;
        SwarmProgress all = machine.SwarmProgress;
        (int total, int done) = arrivals.Contents;
        return new PeerProgress
        {
            Phase = phase,
            TotalBytes = machine.TotalBytes,
            DoneBytes = machine.HeldBytes,
            TotalContents = total,
            DoneContents = done,
            Active = arrivals.Active,
            BytesSent = tally.BytesSent,
            BytesReceived = tally.BytesReceived,
            AllTotalBytes = all.TotalBytes,
            AllDoneBytes = all.HeldBytes,
            Members = _phase == PeerPhase.Connecting ? 0 : _members.Count + 1,
            CompleteMembers = all.CompleteMembers,
            ExpectedMembers = options.Expect,
        };
    }
}
