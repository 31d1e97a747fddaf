using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Hosts.Peer;

/// <summary>What came for each content, when and from whom: for progress, report and log, never for a decision.</summary>
internal sealed class Arrivals
{
    private sealed class Arrival(Manifest manifest)
    {
        public Manifest Manifest { get; } = manifest;

        public long HeldBytes { get; set; }

        public List<int> Order { get; } = [];

        public Dictionary<PeerId, long> Sources { get; } = [];

        public TimeSpan? CompleteAt { get; set; }

        public string? Name { get; set; }
    }

    private readonly Dictionary<ContentId, Arrival> _arrivals = [];
    private readonly LinkedList<Arrival> _active = [];

    // Read by whoever writes a log line, too.
    private readonly ConcurrentDictionary<PeerId, string> _names = new();
    private int _done;

    /// <summary>Contents known, and how many of them are complete here.</summary>
    public (int Total, int Done) Contents => (_arrivals.Count, _done);

    /// <summary>When the start barrier opened, by the loop's clock.</summary>
    public TimeSpan? Start { get; set; }

    public void Describe(Manifest manifest, long heldBytes)
    {
        if (_arrivals.TryAdd(manifest.Id, new Arrival(manifest) { HeldBytes = heldBytes }) && heldBytes == manifest.Length)
        {
            _done++;
        }
    }

    public Manifest? ManifestOf(ContentId content) => _arrivals.GetValueOrDefault(content)?.Manifest;

    public void Name(Member member) => _names[member.Id] = member.Name;

    public string NameOf(PeerId peer) => _names.GetValueOrDefault(peer) ?? peer.Brief;

    public void Name(HubMessage.Share share)
    {
        _names.TryAdd(share.Origin, share.OriginName);
        foreach (SharedEntry entry in share.Entries)
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

        int bytes = arrival.Manifest.LengthOf(chunk.Index);
        arrival.HeldBytes += bytes;
        arrival.Order.Add(chunk.Index.Value);
        arrival.Sources[from] = arrival.Sources.GetValueOrDefault(from) + bytes;
        arrival.CompleteAt = arrival.HeldBytes >= arrival.Manifest.Length ? now : null;
        if (_active.First?.Value != arrival)
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

        _done++;
        arrival.CompleteAt ??= now;
        _active.Remove(arrival);
        return string.Join(',', arrival.Order.Select(chunk => chunk.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The files among the entries that appeared here.</summary>
    public ImmutableArray<ReceivedFile> Received(IEnumerable<LocalEntry> entries)
    {
        var files = ImmutableArray.CreateBuilder<ReceivedFile>();
        foreach (LocalEntry entry in entries)
        {
            if (entry.Entry is SharedEntry.File file && _arrivals.TryGetValue(file.Content, out Arrival? arrival))
            {
                TimeSpan time = (arrival.CompleteAt ?? TimeSpan.Zero) - (Start ?? TimeSpan.Zero);
                files.Add(new ReceivedFile(
                    entry.Local, arrival.Manifest.Length, time > TimeSpan.Zero ? time : TimeSpan.Zero,
                    [.. arrival.Sources.Select(source => KeyValuePair.Create(NameOf(source.Key), source.Value))]));
            }
        }

        return files.ToImmutable();
    }

    public ImmutableArray<ContentProgress> Active =>
    [
        .. _active.Select(arrival => new ContentProgress(
            arrival.Name ?? arrival.Manifest.Id.Brief, arrival.Manifest.Length, arrival.HeldBytes)),
    ];
}
