namespace Shoal.Core.Exchange;

/// <summary>
/// What the members of a swarm still have to upload, as the planner wants to know it. The stripes of a plan are for
/// every chunk that somebody lacks, also for those that have left their owner by an earlier plan; so each counts as its
/// owner's, by the part of its copies that is still missing.
/// </summary>
internal sealed class PendingUploads
{
    private readonly Dictionary<TrackerMember, double> _sole = [];
    private readonly Dictionary<TrackerMember, double> _committed = [];

    private PendingUploads()
    {
    }

    /// <summary>Bytes to distribute that are the member's own.</summary>
    public double SoleOf(TrackerMember member) => _sole.GetValueOrDefault(member);

    /// <summary>Copies of chunks without an owner that fall to the member, one of their holders, in bytes.</summary>
    public double CommittedOf(TrackerMember member) => _committed.GetValueOrDefault(member);

    public static PendingUploads Measure(SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster)
    {
        var pending = new PendingUploads();

        // Along trees chunks are handed on at once: what waits there is small.
        if (roster.PresentCount > DistributionPlan.MeshLimit)
        {
            foreach (TrackerMember member in roster.Present)
            {
                pending._sole[member] = holdings.SoleBytesOf(member);
            }

            return pending;
        }

        foreach (CatalogContent content in catalog.Contents)
        {
            if (!content.IsWithdrawn)
            {
                pending.Add(catalog, holdings, roster, content);
            }
        }

        return pending;
    }

    private void Add(SwarmCatalog catalog, SwarmHoldings holdings, TrackerRoster roster, CatalogContent content)
    {
        int present = roster.PresentCount;
        TrackerMember? owner = content.Owner is { } id && roster.Find(id) is { IsPresent: true } found ? found : null;
        for (int chunk = content.FirstChunk; chunk < content.FirstChunk + content.ChunkCount; chunk++)
        {
            int copies = holdings.AvailabilityOf(chunk);
            if (copies == 0 || copies >= present)
            {
                continue;
            }

            double missing = (double)catalog.LengthOf(chunk) * (present - copies);
            if (owner is not null && owner.Has.Contains(chunk))
            {
                AddTo(_sole, owner, missing / (present - 1));
                continue;
            }

            foreach (TrackerMember member in roster.Present)
            {
                if (member.Has.Contains(chunk))
                {
                    AddTo(copies == 1 ? _sole : _committed, member,
                        copies == 1 ? missing / (present - 1) : missing / copies);
                }
            }
        }
    }

    private static void AddTo(Dictionary<TrackerMember, double> bytes, TrackerMember member, double more) =>
        bytes[member] = bytes.GetValueOrDefault(member) + more;
}
