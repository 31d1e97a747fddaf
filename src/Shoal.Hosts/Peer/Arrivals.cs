using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Peer;

/// <summary>
/// What came for each content, when and from whom: for progress, report and log, never for a decision.
/// </summary>
internal sealed class Arrivals
{
    private sealed class Arrival(Manifest manifest)
    {
        public Manifest Manifest { get; } = manifest;

        public long HeldBytes { get; set; }

        public List<int> Order { get; } = [];

        public Bitfield Came { get; } = new(manifest.ChunkCount);

        public Dictionary<PeerId, long> Sources { get; } = [];

        public TimeSpan? CompleteAt { get; set; }

        public bool IsCounted { get; set; }

        public string? Name { get; set; }
    }

    private readonly Dictionary<ContentId, Arrival> _arrivals = [];
    private readonly Dictionary<ContentId, long> _leftovers = [];
    private readonly LinkedList<Arrival> _active = [];

    // Read by whoever writes a log line, too.
    private readonly ConcurrentDictionary<PeerId, string> _names = new();
    private int _done;

    /// <summary>Contents known, and how many of them are complete here.</summary>
    public (int Total, int Done) Contents => (_arrivals.Count, _done);

    /// <summary>When the start barrier opened, by the loop's clock.</summary>
    public TimeSpan? Start { get; set; }

    /// <summary>A content that is wanted, and how much of it is here.</summary>
    public void Describe(Manifest manifest, long heldBytes)
    {
        var arrival = new Arrival(manifest) { HeldBytes = heldBytes };
        if (_arrivals.TryAdd(manifest.Id, arrival) && heldBytes == manifest.Length)
        {
            Count(arrival);
        }
    }

    /// <summary>A content that will be wanted from now on.</summary>
    public void Expect(Manifest manifest) => Describe(manifest, _leftovers.GetValueOrDefault(manifest.Id));

    /// <summary>Something of a content is here that nobody wants yet.</summary>
    public void Remember(ContentId content, long heldBytes) => _leftovers[content] = heldBytes;

    public Manifest? ManifestOf(ContentId content) => _arrivals.GetValueOrDefault(content)?.Manifest;

    public void Name(Member member) => _names[member.Id] = member.Name;

    public string NameOf(PeerId peer) =>
        peer == PeerId.Relay ? "the hub" : _names.GetValueOrDefault(peer) ?? peer.Brief;

    /// <summary>The name of a content, of several the first; its id where it has none.</summary>
    public string NameOf(ContentId content) => _arrivals.GetValueOrDefault(content)?.Name ?? content.Brief;

    public void Name(PeerId origin, string originName, ImmutableArray<SharedEntry> entries)
    {
        _names.TryAdd(origin, originName);
        foreach (SharedEntry entry in entries)
        {
            if (entry is SharedEntry.File file && _arrivals.TryGetValue(file.Content, out Arrival? arrival))
            {
                arrival.Name ??= file.Name.Value;
            }
        }
    }

    public void Stored(TimeSpan now, PeerId from, ChunkRef chunk)
    {
        if (!_arrivals.TryGetValue(chunk.Content, out Arrival? arrival) || arrival.CompleteAt is not null)
        {
            return;
        }

        if (arrival.Came[chunk.Index.Value])
        {
            return; // It came twice; the first one counts.
        }

        arrival.Came.Set(chunk.Index.Value);
        int bytes = arrival.Manifest.LengthOf(chunk.Index);
        arrival.HeldBytes += bytes;
        arrival.Order.Add(chunk.Index.Value);
        arrival.Sources[from] = arrival.Sources.GetValueOrDefault(from) + bytes;
        if (arrival.HeldBytes >= arrival.Manifest.Length)
        {
            // It is on its way no longer, even if its file has yet to appear.
            arrival.CompleteAt = now;
            _active.Remove(arrival);
        }
        else if (_active.First?.Value != arrival)
        {
            _active.Remove(arrival);
            _active.AddFirst(arrival);
            if (_active.Count > PeerProgress.MostActive)
            {
                _active.RemoveLast();
            }
        }
    }

    /// <summary>A content is complete; gives the order in which its chunks came, for the log.</summary>
    public string Complete(TimeSpan now, ContentId content)
    {
        if (!_arrivals.TryGetValue(content, out Arrival? arrival))
        {
            return "";
        }

        Count(arrival);
        arrival.CompleteAt ??= now;
        _active.Remove(arrival);
        return string.Join(',', arrival.Order.Select(chunk => chunk.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The files among the entries that appeared here.</summary>
    public ImmutableArray<ReceivedFile> Received(IEnumerable<LocalEntry> entries, PeerClock clock)
    {
        var files = ImmutableArray.CreateBuilder<ReceivedFile>();
        foreach (LocalEntry entry in entries)
        {
            if (entry.Entry is SharedEntry.File file && _arrivals.TryGetValue(file.Content, out Arrival? arrival))
            {
                TimeSpan time = (arrival.CompleteAt ?? TimeSpan.Zero) - (Start ?? TimeSpan.Zero);
                files.Add(new ReceivedFile(
                    entry.Local, arrival.Manifest.Length, time > TimeSpan.Zero ? time : TimeSpan.Zero,
                    [.. arrival.Sources.Select(source => KeyValuePair.Create(NameOf(source.Key), source.Value))])
                {
                    Clock = clock.TimeOf(file.Content),
                });
            }
        }

        return files.ToImmutable();
    }

    private void Count(Arrival arrival)
    {
        _done += arrival.IsCounted ? 0 : 1;
        arrival.IsCounted = true;
    }

    public ImmutableArray<ContentProgress> Active =>
    [
        .. _active.Select(arrival => new ContentProgress(
            arrival.Name ?? arrival.Manifest.Id.Brief, arrival.Manifest.Length, arrival.HeldBytes)),
    ];
}
