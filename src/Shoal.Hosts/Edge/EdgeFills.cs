using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;

namespace Shoal.Hosts.Edge;

/// <summary>
/// What comes to an edge to stay, and goes again: room is made for it, its chunks are passed on, and the origin hears
/// what came of it. For the loop only.
/// </summary>
internal sealed class EdgeFills(
    TierShell shell, EdgeShelf shelf, EdgeDeliveries deliveries, EdgeDesk desk, EdgeMetrics metrics)
{
    private readonly Dictionary<ContentId, Manifest> _described = [];

    /// <summary>Bytes that came.</summary>
    public long Bytes { get; private set; }

    /// <summary>What is to come, or asked for by name, is such a content.</summary>
    public void Describe(ImmutableArray<Manifest> manifests)
    {
        foreach (Manifest manifest in manifests)
        {
            _described[manifest.Id] = manifest;
        }
    }

    /// <summary>What is behind names that somebody asked for.</summary>
    public void Share(ImmutableArray<SharedEntry> entries)
    {
        foreach (SharedEntry.File file in entries.OfType<SharedEntry.File>())
        {
            if (_described.Remove(file.Content, out Manifest? manifest))
            {
                desk.Share(file, manifest);
            }
        }
    }

    /// <summary>The origin begins to send a content.</summary>
    public void Begin(TierLink origin, TierMessage.Order order)
    {
        shell.Log.Begun(TransferKind.Fill, order.Content, "here", "origin", order.At);
        if (!_described.Remove(order.Content, out Manifest? manifest) || !shelf.TryTake(manifest))
        {
            Fail(origin, order.Content, TierFault.Full, "there is no room for it within the capacity");
            return;
        }

        deliveries.Begin(order.Content);
        if (shell.Folder.IsWhole(order.Content))
        {
            origin.Send(new TierMessage.Whole(TransferKind.Fill, order.Content, origin.Peer));
        }
    }

    /// <summary>A chunk is verified and stored.</summary>
    public void Take(TierHostEvent.Stored stored)
    {
        ContentId content = stored.Chunk.Content;
        if (shelf.Find(content) is not { } manifest)
        {
            return;
        }

        int length = manifest.LengthOf(stored.Chunk.Index);
        Bytes += length;
        metrics.Filled(length);
        desk.Stored(stored.Chunk);
        deliveries.Stored(content);
        if (shell.Folder.IsWhole(content))
        {
            stored.Link.Send(new TierMessage.Whole(TransferKind.Fill, content, stored.Link.Peer));
        }
    }

    /// <summary>A fill came to nothing.</summary>
    public void Fail(TierLink origin, ContentId content, TierFault fault, string reason)
    {
        shell.Log.Broken(TransferKind.Fill, content, "here", origin.Peer.Brief, reason);
        origin.Send(new TierMessage.Fail(TransferKind.Fill, content, origin.Peer, fault));
        GiveUp(content);
    }

    /// <summary>A copy turned out to be wrong on the disk; the origin hears of it, if it is there.</summary>
    public void Lose(ContentId content, TierLink? origin)
    {
        if (shelf.Find(content) is not null)
        {
            shell.Log.CopyLost(content.Brief);
            origin?.Send(new TierMessage.Fail(TransferKind.Fill, content, origin.Peer, TierFault.Lost));
            GiveUp(content);
        }
    }

    public void GiveUp(ContentId content)
    {
        deliveries.Stop(content);
        shelf.GiveUp(content);
        desk.GaveUp(content);
    }
}
