using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>The names that a peer knows of, its own and everybody's: what it tells a hub that has forgotten.</summary>
internal sealed class PeerShares
{
    private sealed record Origin(string Name, Dictionary<EntryName, SharedEntry> Entries);

    private readonly Dictionary<PeerId, Origin> _origins = [];

    public IEnumerable<MemberMessage.Share> All =>
        _origins.Select(pair => new MemberMessage.Share(pair.Key, pair.Value.Name, [.. pair.Value.Entries.Values]));

    public void Add(MemberMessage.Share share)
    {
        if (!_origins.TryGetValue(share.Origin, out Origin? origin))
        {
            origin = new Origin(share.OriginName, []);
            _origins.Add(share.Origin, origin);
        }

        foreach (SharedEntry entry in share.Entries)
        {
            origin.Entries[entry.Name] = entry;
        }
    }

    /// <summary>The contents that have a name.</summary>
    public HashSet<ContentId> NamedContents() =>
    [
        .. _origins.Values.SelectMany(origin => origin.Entries.Values).OfType<SharedEntry.File>()
            .Select(file => file.Content),
    ];

    /// <summary>Forgets the names of a content.</summary>
    public void Withdraw(ContentId content)
    {
        foreach (Origin origin in _origins.Values)
        {
            foreach (EntryName name in origin.Entries.Values.OfType<SharedEntry.File>()
                .Where(file => file.Content == content).Select(file => file.Name).ToList())
            {
                origin.Entries.Remove(name);
            }
        }
    }

    /// <summary>The names of a content, and whose they are.</summary>
    public (ImmutableArray<EntryName> Names, List<PeerId> Origins) Of(ContentId content)
    {
        var names = ImmutableArray.CreateBuilder<EntryName>();
        var origins = new List<PeerId>();
        foreach ((PeerId peer, Origin origin) in _origins)
        {
            foreach (SharedEntry entry in origin.Entries.Values)
            {
                if (entry is SharedEntry.File file && file.Content == content)
                {
                    names.Add(file.Name);
                    origins.Add(peer);
                }
            }
        }

        return (names.ToImmutable(), origins);
    }
}
