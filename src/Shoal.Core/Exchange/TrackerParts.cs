using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>What the machine of a swarm's hub is made of.</summary>
internal sealed class TrackerParts
{
    public TrackerParts(SwarmTrackerOptions options)
    {
        Options = options;
        Holdings = new SwarmHoldings(Catalog);
        Voice = new TrackerVoice(Roster);
        Contents = new TrackerContents(options.Offer, Catalog, Holdings, Roster, Voice);
        Welcome = new TrackerWelcome(Roster, Voice, Contents);
        Reach = new TrackerReach(options, Catalog, Roster);
        Planner = new TrackerPlanner(options, Catalog, Holdings, Roster);
        Run = new TrackerRun(Catalog, Holdings, Roster, Voice, options);
        Leases = new LeaseTable<LinkId>(options.Lease);
    }

    public SwarmTrackerOptions Options { get; }

    public SwarmCatalog Catalog { get; } = new();

    public TrackerRoster Roster { get; } = new();

    public StartBarrier Barrier { get; } = new();

    public SwarmHoldings Holdings { get; }

    public TrackerVoice Voice { get; }

    public TrackerContents Contents { get; }

    public TrackerWelcome Welcome { get; }

    public TrackerReach Reach { get; }

    public TrackerPlanner Planner { get; }

    public TrackerRun Run { get; }

    public LeaseTable<LinkId> Leases { get; }
}
