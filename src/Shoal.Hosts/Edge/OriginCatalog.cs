using System.Collections.Immutable;
using System.IO.Enumeration;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Storage;

namespace Shoal.Hosts.Edge;

/// <summary>The files of an origin: by name, and by the number that the tier knows their contents by.</summary>
internal sealed class OriginCatalog
{
    /// <summary>One kb is 1000 bits.</summary>
    public const int BytesPerKb = 125;

    private readonly Dictionary<EntryName, SharedEntry.File> _entries = [];
    private readonly Dictionary<ContentId, List<SharedEntry.File>> _names = [];
    private readonly Dictionary<ContentId, Manifest> _manifests = [];
    private readonly Dictionary<ContentId, int> _numbers = [];
    private readonly List<ContentId> _contents = [];

    public OriginCatalog(FolderContents contents)
    {
        foreach (Manifest manifest in contents.Manifests)
        {
            _manifests[manifest.Id] = manifest;
        }

        foreach (SharedEntry.File file in contents.Shares.SelectMany(share => share.Entries)
            .OfType<SharedEntry.File>())
        {
            Add(file);
        }
    }

    public int Files => _entries.Count;

    /// <summary>The size of a content in kb, rounded up.</summary>
    public static int KbOf(Manifest manifest) => KbOf(manifest.Length);

    /// <summary>Bytes in kb, rounded up.</summary>
    public static int KbOf(long bytes) => (int)Math.Clamp((bytes + BytesPerKb - 1) / BytesPerKb, 1, EdgeDemand.MostKb);

    public SharedEntry.File? Find(EntryName name) => _entries.GetValueOrDefault(name);

    /// <summary>All names like a glob, in their order.</summary>
    public IEnumerable<SharedEntry.File> Like(string glob) => _entries.Values
        .Where(file => FileSystemName.MatchesSimpleExpression(glob, file.Name.Value, ignoreCase: false))
        .OrderBy(file => file.Name.Value, StringComparer.Ordinal);

    public Manifest ManifestOf(ContentId content) => _manifests[content];

    public Manifest ManifestOf(int number) => _manifests[_contents[number - 1]];

    public bool Has(ContentId content) => _manifests.ContainsKey(content);

    /// <summary>The number of a content of the catalogue, from 1.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isNew">Whether it has just got it.</param>
    public int NumberOf(ContentId content, out bool isNew)
    {
        isNew = !_numbers.TryGetValue(content, out int number);
        if (isNew)
        {
            _contents.Add(content);
            number = _contents.Count;
            _numbers.Add(content, number);
        }

        return number;
    }

    /// <summary>The names of a content.</summary>
    public ImmutableArray<SharedEntry.File> NamesOf(ContentId content) =>
        _names.TryGetValue(content, out List<SharedEntry.File>? names) ? [.. names] : [];

    /// <summary>A name has a content, or another one than before.</summary>
    public void Add(SharedEntry.File entry, Manifest manifest)
    {
        Remove([entry]);
        _manifests[manifest.Id] = manifest;
        Add(entry);
    }

    /// <summary>Nothing is behind names any more.</summary>
    public void Remove(ImmutableArray<SharedEntry.File> names)
    {
        foreach (SharedEntry.File name in names)
        {
            if (_entries.Remove(name.Name, out SharedEntry.File? entry)
                && _names.TryGetValue(entry.Content, out List<SharedEntry.File>? others))
            {
                others.Remove(entry);
            }
        }
    }

    private void Add(SharedEntry.File entry)
    {
        _entries[entry.Name] = entry;
        if (!_names.TryGetValue(entry.Content, out List<SharedEntry.File>? names))
        {
            _names.Add(entry.Content, names = []);
        }

        names.Add(entry);
    }
}
