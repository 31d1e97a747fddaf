using Shoal.Core.Content;
using Shoal.Core.Edge;
using Shoal.Core.Edge.Tier;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Hosts.Peer;

namespace Shoal.Hosts.Edge;

/// <summary>
/// How what a client wants comes: the origin says from where, its chunks come, and the origin hears what came of it.
/// For the loop only.
/// </summary>
internal sealed class FetchTransfers(
    TierShell shell, FetchWants wants, FetchEdges edges, FolderQueue names, FetchMetrics metrics)
{
    private TierLink? _origin;

    /// <summary>When the first file began to come; null: none has yet.</summary>
    public TimeSpan? StartedAt { get; private set; }

    /// <summary>An origin is there; what is on its way, it says anew.</summary>
    public void Begin(TierLink origin) => _origin = origin;

    /// <summary>The origin has gone.</summary>
    public void End()
    {
        _origin = null;
        foreach (FetchWants.Wanted wanted in wants.All)
        {
            wanted.Kind = null;
        }
    }

    /// <summary>The origin says how a content comes.</summary>
    public void Follow(TierMessage.Order order)
    {
        if (wants.Find(order.Content) is not { } wanted)
        {
            return;
        }

        StartedAt ??= shell.Loop.Now;
        wanted.Kind = order.Kind;
        wanted.From = order.Peer;
        shell.Log.Begun(order.Kind, order.Content, "here", SourceOf(wanted), order.At);
        if (shell.Folder.IsWhole(order.Content))
        {
            wanted.Source = wanted.IsWhole ? wanted.Source : SourceOf(wanted);
            Finish(wanted);
        }
        else if (order.Kind == TransferKind.Delivery && wanted.Wrong.Contains(order.Peer))
        {
            Fault(order.Content, order.Peer, TierFault.Corrupt, "wrong hash");
        }
        else if (order.Kind == TransferKind.Delivery
            && !edges.TryAsk(order.Peer, new Holding(order.Content, shell.Folder.ChunksOf(order.Content)!)))
        {
            Fault(order.Content, order.Peer, TierFault.Lost, "no such edge is known");
        }
    }

    /// <summary>A chunk is verified and stored.</summary>
    public void Take(TierLink link, ChunkRef chunk)
    {
        if (wants.Find(chunk.Content) is not { } wanted)
        {
            return;
        }

        // The folder may be ahead of the loop: it has all of a content while chunks of it are still to be counted.
        metrics.Received(link == _origin ? "origin" : "edge", wanted.Manifest.LengthOf(chunk.Index));
        if (!wanted.IsWhole && shell.Folder.IsWhole(chunk.Content))
        {
            wanted.Source = link == _origin ? "origin" : edges.NameOf(link.Peer);
            Finish(wanted);
        }
    }

    /// <summary>A chunk came whose hash was wrong.</summary>
    public void Reject(PeerId from, ContentId content)
    {
        metrics.Rejected();
        wants.Find(content)?.Wrong.Add(from);
        Fault(content, from, TierFault.Corrupt, "wrong hash");
    }

    /// <summary>A transfer has ended by the virtual clock.</summary>
    public void Settle(TierMessage.Settle settle)
    {
        if (wants.Find(settle.Content) is { } wanted)
        {
            wanted.Clock = settle.At;
            shell.Log.Ended(settle.Kind, settle.Content, "here", wanted.Source, settle.At);
        }
    }

    /// <summary>An edge is there no longer.</summary>
    public void Lose(TierLink edge)
    {
        edges.Down(edge);
        foreach (FetchWants.Wanted wanted in wants.All
            .Where(wanted => wanted.Kind == TransferKind.Delivery && wanted.From == edge.Peer).ToArray())
        {
            Fault(wanted.Manifest.Id, edge.Peer, TierFault.Lost, edge.EndReason);
        }
    }

    /// <summary>A delivery came to nothing: the origin hears what is here of it, and sends the rest.</summary>
    public void Fault(ContentId content, PeerId from, TierFault fault, string reason)
    {
        if (wants.Find(content) is not { IsWhole: false, Kind: { } kind } wanted || wanted.From != from)
        {
            return;
        }

        shell.Log.Broken(kind, content, "here", SourceOf(wanted), reason);
        wanted.Kind = null;
        if (shell.Folder.ChunksOf(content) is { SetCount: > 0 } chunks)
        {
            _origin?.Send(new PeerMessage.Hold([new Holding(content, chunks)]));
        }

        _origin?.Send(new TierMessage.Fail(kind, content, from, fault));
    }

    private string SourceOf(FetchWants.Wanted wanted) =>
        wanted.Kind == TransferKind.Direct ? "origin" : edges.NameOf(wanted.From);

    private void Finish(FetchWants.Wanted wanted)
    {
        if (!wanted.IsWhole)
        {
            wanted.IsWhole = true;
            wanted.Time = shell.Loop.Now - (StartedAt ?? shell.Loop.Now);
            metrics.Fetched(wanted.Time);
            names.Complete(wanted.Manifest.Id);
        }

        if (wanted.Kind is { } kind)
        {
            _origin?.Send(new TierMessage.Whole(kind, wanted.Manifest.Id, wanted.From));
            wanted.Kind = null;
        }
    }
}
