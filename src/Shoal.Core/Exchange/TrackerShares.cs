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

    /// <summary>
    /// A name that no folder can have: it is there twice, or is a file and yet has something below it; null: none.
    /// </summary>
    public static EntryName? FindClash(ImmutableArray<SharedEntry> entries)
    {
        var names = new HashSet<string>(entries.Length, StringComparer.Ordinal);
        foreach (SharedEntry entry in entries)
        {
            if (!names.Add(entry.Name.Value))
            {
                return entry.Name;
            }
        }

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> files = Files(entries);
        foreach (SharedEntry entry in entries)
        {
            string name = entry.Name.Value;
            for (int slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
            {
                if (files.Contains(name.AsSpan(0, slash)))
                {
                    return entry.Name;
                }
            }
        }

        return null;
    }

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Files(ImmutableArray<SharedEntry> entries) =>
        entries.OfType<SharedEntry.File>().Select(file => file.Name.Value).ToHashSet(StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

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
