using System.Collections.Immutable;
using System.Text;
using Shoal.Core.Roster;

namespace Shoal.Core.Content;

/// <summary>
/// Decides under which names the entries of all origins lie in one target folder, so that no two clash: not
/// by name, not by case or Unicode form, not as a file and a folder.
/// </summary>
/// <remarks>
/// What is here keeps its name. An entry from elsewhere gets its plain name if that is free; folders of the
/// same name are one folder; the same content under the same name is one file. Else the name becomes <c>name
/// (from PEER).ext</c>, with a number if that is taken too. The earliest joiner chooses first: <see
/// cref="AssignAll"/> puts entries into that order itself, so its result does not depend on the order in
/// which they came.
/// </remarks>
/// <param name="rules">What the folder can hold.</param>
public sealed class LocalNames(LocalNameRules rules)
{
    private readonly LocalFolder _top = new();
    private readonly Dictionary<(PeerId Origin, SharedEntry Entry), EntryName> _assigned = [];

    /// <summary>Names for a folder that can hold every name.</summary>
    public LocalNames()
        : this(new LocalNameRules())
    {
    }


    /// <summary>
    /// Notes a file that is here and stays: an own one, or something that is not shared at all.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">
    /// What is in it; null if that is not known, and so never the same as anything.
    /// </param>
    public void KeepFile(EntryName name, ContentId? content) => Keep(name, content);

    /// <summary>Notes a folder that is here and stays.</summary>
    public void KeepFolder(EntryName name)
    {
        LocalFolder folder = _top;
        foreach (string segment in name.Value.Split('/'))
        {
            folder = folder.Open(segment);
        }
    }

    /// <summary>Notes an entry that was given its name earlier and lies here under it.</summary>
    public void KeepPlaced(LocalEntry placed)
    {
        if (placed.Entry is SharedEntry.File file)
        {
            Keep(placed.Local, file.Content).Sharers[placed.Origin] = file.Name;
        }
        else
        {
            KeepFolder(placed.Local);
        }

        _assigned[(placed.Origin, placed.Entry)] = placed.Local;
    }

    /// <summary>
    /// Finds names for all entries of some origins, in the order of joining, then of names.
    /// </summary>
    public ImmutableArray<LocalEntry> AssignAll(IEnumerable<OriginShare> shares)
    {
        var entries = new List<(OriginShare Share, SharedEntry Entry)>();
        foreach (OriginShare share in shares)
        {
            foreach (SharedEntry entry in share.Entries)
            {
                entries.Add((share, entry));
            }
        }

        entries.Sort(static (a, b) => CompareClaims(a.Share, a.Entry, b.Share, b.Entry));
        var result = ImmutableArray.CreateBuilder<LocalEntry>(entries.Count);
        foreach ((OriginShare share, SharedEntry entry) in entries)
        {
            result.Add(new LocalEntry(share.Origin, entry, Assign(share.Origin, share.OriginName, entry)));
        }

        return result.MoveToImmutable();
    }

    /// <summary>Finds a name for one entry, after all that were noted or assigned before.</summary>
    public EntryName Assign(PeerId origin, string originName, SharedEntry entry)
    {
        if (!_assigned.TryGetValue((origin, entry), out EntryName local))
        {
            var claim = new NameClaim(origin, originName, entry);
            string plain = rules.IsForWindows ? ForWindows(entry.Name.Value) : entry.Name.Value;
            string[] segments = plain.Split('/');
            string path = claim.Choose(_top, segments, isPlainAllowed: true);
            if (Encoding.UTF8.GetByteCount(path) > rules.MostBytes
                || !EntryName.TryParse(path, out local, out _))
            {
                // Only its length can be wrong now. At the top there is room for the longest last segment.
                local = EntryName.Parse(claim.Choose(_top, segments.AsSpan(^1..), isPlainAllowed: false));
            }

            Take(local, claim);
            _assigned[(origin, entry)] = local;
        }

        return local;
    }

    /// <summary>
    /// Orders claims: who joined earlier goes first, then names by their UTF-16 units, folders last.
    /// </summary>
    internal static int CompareClaims(OriginShare a, SharedEntry x, OriginShare b, SharedEntry y)
    {
        int order = a.OriginOrder.CompareTo(b.OriginOrder);
        order = order != 0 ? order : a.Origin.CompareTo(b.Origin);
        order = order != 0 ? order : string.CompareOrdinal(x.Name.Value, y.Name.Value);
        return order != 0 ? order : string.CompareOrdinal(Rank(x), Rank(y));

        static string Rank(SharedEntry entry) =>
            entry is SharedEntry.File file ? file.Content.ToString() : "~";
    }

    // What Windows cannot have in a name: some characters (a colon would even write into another file's
    // stream), and dots and spaces at the end of a segment.
    private static string ForWindows(string name)
    {
        var result = new StringBuilder(name);
        for (int i = 0; i < name.Length; i++)
        {
            bool isLast = i + 1 == name.Length || name[i + 1] == '/';
            if ("<>:\"|?*".Contains(name[i]) || (isLast && name[i] is ('.' or ' ')))
            {
                result[i] = '_';
            }
        }

        return result.ToString();
    }

    private LocalFile Keep(EntryName name, ContentId? content)
    {
        string[] segments = name.Value.Split('/');
        LocalFolder folder = _top;
        foreach (string segment in segments.AsSpan(..^1))
        {
            folder = folder.Open(segment);
        }

        return folder.Hold(segments[^1], content);
    }

    private void Take(EntryName local, NameClaim claim)
    {
        if (claim.Content is { } content)
        {
            Keep(local, content).Sharers[claim.Origin] = claim.Name;
        }
        else
        {
            KeepFolder(local);
        }
    }
}
