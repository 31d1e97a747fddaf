using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Storage.Names;

/// <summary>
/// Knows which names of a target folder are taken and which the entries of others get. Names that are not on
/// disk yet are assigned anew when an earlier joiner's share or an obstacle comes to light. Thread-safe.
/// </summary>
internal sealed class NameBook(LocalNameRules rules)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntryName, ContentId?> _files = [];
    private readonly HashSet<EntryName> _folders = [];
    private readonly Dictionary<(PeerId Origin, SharedEntry Entry), LocalEntry> _placed = [];
    private readonly Dictionary<EntryName, ContentId> _placedAt = [];
    private readonly List<OriginShare> _shares = [];
    private LocalNames? _names;
    private int _lastOrder = int.MinValue;

    /// <summary>
    /// Notes a file that is here: an own one, or with no content whatever else is in the way.
    /// </summary>
    public void KeepFile(EntryName name, ContentId? content)
    {
        lock (_gate)
        {
            _files[name] = content;
            _names = null;
        }
    }

    /// <summary>Notes a folder that is here.</summary>
    public void KeepFolder(EntryName name)
    {
        lock (_gate)
        {
            _folders.Add(name);
            _names = null;
        }
    }

    /// <summary>Notes an entry from elsewhere that now has its name here.</summary>
    public void AddPlaced(LocalEntry placed)
    {
        lock (_gate)
        {
            _placed[(placed.Origin, placed.Entry)] = placed;
            if (placed.Entry is SharedEntry.File file)
            {
                _placedAt[placed.Local] = file.Content;
            }

            _names?.KeepPlaced(placed);
        }
    }

    /// <summary>Notes entries that shall get names.</summary>
    public void AddShare(OriginShare share)
    {
        lock (_gate)
        {
            _shares.Add(share);

            // Who comes behind all others changes nothing for them.
            if (share.OriginOrder > _lastOrder)
            {
                _lastOrder = share.OriginOrder;
                _names?.AssignAll([share]);
            }
            else
            {
                _names = null;
            }
        }
    }

    /// <summary>Entries with a content get no names any more, unless they have them: others may.</summary>
    public void Forget(ContentId content)
    {
        lock (_gate)
        {
            for (int i = 0; i < _shares.Count; i++)
            {
                ImmutableArray<SharedEntry> entries = _shares[i].Entries;
                _shares[i] = _shares[i] with
                {
                    Entries = entries.RemoveAll(entry => entry is SharedEntry.File file && file.Content == content),
                };
            }

            _names = null;
        }
    }

    /// <summary>The name that an entry has or gets, as far as is known now.</summary>
    public EntryName LocalOf(PeerId origin, string originName, SharedEntry entry)
    {
        lock (_gate)
        {
            return (_names ??= Assign()).Assign(origin, originName, entry);
        }
    }

    /// <summary>Whether an entry has its name here.</summary>
    public bool IsPlaced(PeerId origin, SharedEntry entry)
    {
        lock (_gate)
        {
            return _placed.ContainsKey((origin, entry));
        }
    }

    /// <summary>Whether an own file with this content has this name.</summary>
    public bool IsOwn(EntryName name, ContentId content)
    {
        lock (_gate)
        {
            return _files.TryGetValue(name, out ContentId? found) && found == content;
        }
    }

    /// <summary>Whether a received file with this content has this name.</summary>
    public bool IsReceived(EntryName name, ContentId content)
    {
        lock (_gate)
        {
            return _placedAt.TryGetValue(name, out ContentId found) && found == content;
        }
    }

    /// <summary>
    /// Something else turned out to have this name: a file of nobody's, changed bytes, a link.
    /// </summary>
    public void Block(EntryName name)
    {
        lock (_gate)
        {
            string below = name.Value + "/";
            _folders.RemoveWhere(IsHidden);
            foreach (EntryName file in _files.Keys.Where(IsHidden).ToList())
            {
                _files.Remove(file);
            }

            foreach (LocalEntry placed in _placed.Values.Where(p => IsHidden(p.Local)).ToList())
            {
                _placed.Remove((placed.Origin, placed.Entry));
                _placedAt.Remove(placed.Local);
            }

            _files[name] = null;
            _names = null;

            bool IsHidden(EntryName other) =>
                other == name || other.Value.StartsWith(below, StringComparison.Ordinal);
        }
    }

    private LocalNames Assign()
    {
        var names = new LocalNames(rules);
        foreach ((EntryName name, ContentId? content) in _files)
        {
            names.KeepFile(name, content);
        }

        foreach (EntryName folder in _folders)
        {
            names.KeepFolder(folder);
        }

        foreach (LocalEntry placed in _placed.Values)
        {
            names.KeepPlaced(placed);
        }

        names.AssignAll(_shares);
        return names;
    }
}
