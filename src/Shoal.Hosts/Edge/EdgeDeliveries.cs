using Shoal.Core.Content;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;

namespace Shoal.Hosts.Edge;

/// <summary>
/// What an edge sends to clients: what the origin says, and what they ask for; of a file that still comes each chunk as
/// soon as it is here. For the loop only.
/// </summary>
internal sealed class EdgeDeliveries(EdgeShelf shelf)
{
    /// <summary>
    /// Contents that clients may have asked for before the origin's word about them was here; who asks for one more is
    /// told that it is not here.
    /// </summary>
    public const int MostEarly = 4096;

    private readonly HashSet<TierLink> _links = [];
    private readonly HashSet<(TierLink Link, ContentId Content)> _pushed = [];
    private readonly Dictionary<(TierLink Link, ContentId Content), Bitfield> _early = [];

    // What was pushed and then asked for, and which of its chunks were sent once more.
    private readonly Dictionary<(TierLink Link, ContentId Content), Bitfield> _asked = [];
    private long _gone;

    /// <summary>All connections that are up, the origin's too.</summary>
    public IReadOnlyCollection<TierLink> Links => _links;

    /// <summary>Bytes of chunks that clients took.</summary>
    public long SentBytes => _gone + _links.Sum(link => link.Uploads.Taken);

    public void Add(TierLink link) => _links.Add(link);

    public void Remove(TierLink link)
    {
        _links.Remove(link);
        _pushed.RemoveWhere(pushed => pushed.Link == link);
        foreach ((TierLink Link, ContentId Content) early in _early.Keys.Where(early => early.Link == link).ToArray())
        {
            _early.Remove(early);
        }

        foreach ((TierLink Link, ContentId Content) asked in _asked.Keys.Where(asked => asked.Link == link).ToArray())
        {
            _asked.Remove(asked);
        }

        _gone += link.Uploads.Taken;
    }

    /// <summary>
    /// Sends a client what it was not told of yet: the origin's word may take longer to it, behind what comes straight.
    /// </summary>
    public void Push(TierMessage.Order order)
    {
        if (shelf.Find(order.Content) is { } manifest
            && _links.FirstOrDefault(link => link.Peer == order.Peer) is { } client
            && client.Uploads.TryBegin(manifest, null))
        {
            _pushed.Add((client, order.Content));
        }
    }

    /// <summary>
    /// Sends a client what it lacks of contents, unless it is on its way by now. Of what is not here the origin may
    /// have told the client sooner than this edge.
    /// </summary>
    public void Serve(TierLink link, PeerMessage.Hold hold)
    {
        foreach (Holding holding in hold.Holdings)
        {
            Manifest? manifest = shelf.Find(holding.Content);
            if (_pushed.Remove((link, holding.Content)))
            {
                if (manifest is not null)
                {
                    _asked[(link, holding.Content)] = new Bitfield(manifest.ChunkCount);
                }

                continue;
            }

            if (manifest is null && _early.Count < MostEarly)
            {
                _early[(link, holding.Content)] = holding.Chunks;
            }
            else if (manifest?.ChunkCount == holding.Chunks.Count)
            {
                link.Uploads.TryBegin(manifest, holding.Chunks);
            }
            else
            {
                link.Send(new PeerMessage.Decline([new ChunkRef(holding.Content, new ChunkIndex(0))]));
            }
        }
    }

    /// <summary>
    /// A client does not know yet, or no longer, what it is sent; it asks for it when it does. If it has asked by now,
    /// it was about to when the chunk came, and the chunk goes once more.
    /// </summary>
    public void TakeBack(TierLink link, PeerMessage.Decline decline)
    {
        foreach (ChunkRef chunk in decline.Chunks)
        {
            if (_asked.TryGetValue((link, chunk.Content), out Bitfield? again)
                && shelf.Find(chunk.Content) is { } manifest && manifest.Layout.Contains(chunk.Index)
                && again.Set(chunk.Index.Value) && link.Uploads.TrySend(manifest, chunk.Index))
            {
                continue;
            }

            link.Uploads.Stop(chunk.Content);
            _pushed.Remove((link, chunk.Content));
            _asked.Remove((link, chunk.Content));
        }
    }

    /// <summary>A content begins to come: whoever asked for it already is sent it.</summary>
    public void Begin(ContentId content)
    {
        foreach (TierLink link in _links)
        {
            if (_early.Remove((link, content), out Bitfield? chunks))
            {
                Serve(link, new PeerMessage.Hold([new Holding(content, chunks)]));
            }
        }
    }

    /// <summary>A chunk of a content is here.</summary>
    public void Stored(ContentId content)
    {
        foreach (TierLink link in _links)
        {
            link.Uploads.Refill(content);
        }
    }

    /// <summary>Sends nobody more of a content.</summary>
    public void Stop(ContentId content)
    {
        foreach (TierLink link in _links)
        {
            link.Uploads.Stop(content);
            _pushed.Remove((link, content));
            _asked.Remove((link, content));
        }
    }
}
