using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// All names that a swarm's members shall end with, by origin; the same name of the same origin once.
/// </summary>
internal sealed class TrackerShares
{
    private sealed record Origin(string Name, int Order, Dictionary<EntryName, SharedEntry> Entries);

    private readonly Dictionary<PeerId, Origin> _origins = [];

    /// <summary>Everything, one share an origin, in the order of joining.</summary>
    public IEnumerable<HubMessage.Share> All =>
        from pair in _origins
        orderby pair.Value.Order, pair.Key
        select new HubMessage.Share(pair.Key, pair.Value.Name, pair.Value.Order, [.. pair.Value.Entries.Values]);

    /// <summary>Adds names; returns those that are new or now mean something else, null if there are none.</summary>
    public HubMessage.Share? Add(MemberMessage.Share share, int order)
    {
        if (!_origins.TryGetValue(share.Origin, out Origin? origin))
        {
            origin = new Origin(share.OriginName, order, []);
            _origins.Add(share.Origin, origin);
        }

        var news = ImmutableArray.CreateBuilder<SharedEntry>();
        foreach (SharedEntry entry in share.Entries)
        {
            if (!origin.Entries.TryGetValue(entry.Name, out SharedEntry? known) || known != entry)
            {
                origin.Entries[entry.Name] = entry;
                news.Add(entry);
            }
        }

        return news.Count == 0
            ? null
            : new HubMessage.Share(share.Origin, origin.Name, origin.Order, news.ToImmutable());
    }

    /// <summary>Forgets the names of a content.</summary>
    public void Withdraw(ContentId content)
    {
        foreach (Origin origin in _origins.Values)
        {
            foreach (SharedEntry entry in origin.Entries.Values.ToList())
            {
                if (entry is SharedEntry.File file && file.Content == content)
                {
                    origin.Entries.Remove(entry.Name);
                }
            }
        }
    }
}
