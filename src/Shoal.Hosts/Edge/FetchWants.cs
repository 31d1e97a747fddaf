using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Roster;
using Shoal.Core.Time;
using Shoal.Hosts.Peer;

namespace Shoal.Hosts.Edge;

/// <summary>What a client wants, and how far each of it is.</summary>
internal sealed class FetchWants
{
    private readonly Dictionary<ContentId, Wanted> _wanted = [];
    private readonly Dictionary<ContentId, Manifest> _manifests = [];
    private readonly HashSet<EntryName> _missed = [];
    private readonly List<EntryName> _unknown = [];
    private readonly List<ContentId> _order = [];

    /// <summary>A content that is wanted.</summary>
    public sealed class Wanted(Manifest manifest)
    {
        public Manifest Manifest { get; } = manifest;

        public List<SharedEntry.File> Names { get; } = [];

        /// <summary>How it comes just now; null: not yet.</summary>
        public TransferKind? Kind { get; set; }

        /// <summary>From whom.</summary>
        public PeerId From { get; set; }

        /// <summary>Those who sent a wrong chunk of it, perhaps before the origin said that they send it.</summary>
        public HashSet<PeerId> Wrong { get; } = [];

        public bool IsWhole { get; set; }

        public string Source { get; set; } = "";

        public TimeSpan Time { get; set; }

        public VirtualTime? Clock { get; set; }
    }

    /// <summary>All in the order in which they were named.</summary>
    public IEnumerable<Wanted> All => _order.Select(content => _wanted[content]);

    public bool IsComplete => _wanted.Values.All(wanted => wanted.IsWhole);

    public void Describe(Manifest manifest) => _manifests[manifest.Id] = manifest;

    public Wanted? Find(ContentId content) => _wanted.GetValueOrDefault(content);

    /// <summary>A name and what is behind it; null: its content was not described.</summary>
    public Wanted? Add(SharedEntry.File file)
    {
        if (!_wanted.TryGetValue(file.Content, out Wanted? wanted))
        {
            if (!_manifests.TryGetValue(file.Content, out Manifest? manifest))
            {
                return null;
            }

            wanted = new Wanted(manifest);
            _wanted.Add(file.Content, wanted);
            _order.Add(file.Content);
        }

        if (!wanted.Names.Contains(file))
        {
            wanted.Names.Add(file);
        }

        return wanted;
    }

    /// <summary>Names that the origin does not have, or no longer; what has come under them stays.</summary>
    public void Miss(ImmutableArray<EntryName> names)
    {
        foreach (EntryName name in names)
        {
            if (_missed.Add(name))
            {
                _unknown.Add(name);
            }
        }
    }

    /// <summary>A content will not come.</summary>
    public void Drop(ContentId content)
    {
        if (_wanted.TryGetValue(content, out Wanted? wanted) && !wanted.IsWhole)
        {
            _wanted.Remove(content);
            _order.Remove(content);
        }
    }

    /// <summary>How far all of it is.</summary>
    public PeerProgress ToProgress(PeerPhase phase, long received)
    {
        long total = 0;
        long done = 0;
        int whole = 0;
        foreach (Wanted wanted in _wanted.Values)
        {
            total += wanted.Manifest.Length;
            whole += wanted.IsWhole ? 1 : 0;
            done += wanted.IsWhole ? wanted.Manifest.Length : 0;
        }

        return new PeerProgress
        {
            Phase = phase,
            TotalBytes = total,
            DoneBytes = done,
            TotalContents = _wanted.Count,
            DoneContents = whole,
            BytesReceived = received,
        };
    }

    /// <summary>What came of it.</summary>
    /// <param name="local">The names that files have here.</param>
    public FetchResult ToResult(IReadOnlyDictionary<EntryName, EntryName> local)
    {
        var files = ImmutableArray.CreateBuilder<FetchedFile>();
        var missing = ImmutableArray.CreateBuilder<EntryName>();
        foreach (Wanted wanted in All)
        {
            foreach (SharedEntry.File name in wanted.Names)
            {
                if (wanted.IsWhole)
                {
                    files.Add(new FetchedFile(
                        local.GetValueOrDefault(name.Name, name.Name), wanted.Manifest.Length, wanted.Source,
                        wanted.Time, wanted.Clock));
                }
                else
                {
                    missing.Add(name.Name);
                }
            }
        }

        return new FetchResult
        {
            Files = files.ToImmutable(),
            Unknown = [.. _unknown],
            Missing = missing.ToImmutable(),
            Elapsed = _wanted.Values.Select(wanted => wanted.Time).DefaultIfEmpty().Max(),
        };
    }
}
