using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>The transfers of a star: what waits for which link, and what follows when it has crossed it.</summary>
internal sealed class StarTraffic(StarBoard board, StarStrategy strategy)
{
    // Uploads that have not been handed out, by chunk; in strict mode there may be several of one chunk.
    private readonly Dictionary<int, List<StarUpload>> _open = [];
    private readonly List<StarUpload> _landed = [];

    /// <summary>
    /// What an idle link carries next. Messages are short and make more work possible, so they go first; then what
    /// others wait for; a delivery is what fills the link when nobody waits for it.
    /// </summary>
    public Occupation? Next(StarLink link, VirtualTime now)
    {
        if (link.Finished.Count > 0)
        {
            return Occupy(link, OccupationKind.Finished, link.Finished.Dequeue(), link, now);
        }

        if (link.Wishes.Count < StarMachine.Window && strategy.TryChoose(link, now, out StarWish wish))
        {
            link.Wishes.Add(wish.Chunk, wish);
            link.Claimed.Set(wish.Chunk);
            link.CurrentUpload = null;
            return new Occupation(
                OccupationKind.Request, link.Index, wish.Chunk, link.Index, wish.Holder?.Index ?? -1, now,
                now + link.Cost.Message);
        }

        if (TryTake(link.Uploads, out StarUpload upload))
        {
            return Occupy(link, OccupationKind.Upload, upload, upload.Waiting[0], now);
        }

        if (TryTake(link.Forwards, out upload))
        {
            return Occupy(link, OccupationKind.Forward, upload, upload.Waiting[0], now);
        }

        return link.Deliveries.Count > 0
            ? Occupy(link, OccupationKind.Deliver, link.Deliveries.Dequeue(), link, now)
            : null;
    }

    /// <summary>The current occupation of a link has ended: does what follows, and leaves the link idle.</summary>
    public void End(StarLink link, IList<StarEffect> effects)
    {
        Occupation ended = link.Current!;
        StarUpload? upload = link.CurrentUpload;
        link.Current = null;
        link.CurrentUpload = null;
        switch (ended.Kind)
        {
            case OccupationKind.Forward or OccupationKind.Upload when link.HasFailed:
                Lose(link, upload!);
                break;
            case OccupationKind.Forward:
                link.Uploads.Enqueue(upload!);
                break;
            case OccupationKind.Upload:
                _landed.Add(upload!);
                break;
            case OccupationKind.Request when !link.HasFailed:
                OnRequested(link, link.Wishes[ended.Chunk]);
                break;
            case OccupationKind.Deliver when !link.HasFailed:
                OnDelivered(link, upload!, effects);
                break;
            case OccupationKind.Finished when !link.HasFailed:
                Finish(link, ended.Chunk);
                break;
            default:
                Forget(link, ended.Chunk);
                if (ended.Kind == OccupationKind.Deliver)
                {
                    Settle(upload!, effects);
                }

                break;
        }
    }

    /// <summary>Hands what came at this instant to all whose requests have arrived by now.</summary>
    public void HandOut(IList<StarEffect> effects)
    {
        foreach (StarUpload upload in _landed)
        {
            Close(upload);
            upload.Pending = upload.Waiting.Count;
            foreach (StarLink requester in upload.Waiting)
            {
                requester.Deliveries.Enqueue(upload);
            }

            if (upload.Pending == 0)
            {
                effects.Add(new StarEffect.Release(upload.Chunk));
            }
        }

        _landed.Clear();
    }

    /// <summary>A peer is gone: others bring what it was to bring, and nobody waits for what it wanted.</summary>
    public void Leave(StarLink link, IList<StarEffect> effects)
    {
        link.IsPresent = false;
        if (link is { Current.Kind: OccupationKind.Upload, HasArrived: true, HasFailed: false })
        {
            effects.Add(new StarEffect.Release(link.Current.Chunk));
        }
        else if (link.Current?.Kind == OccupationKind.Deliver)
        {
            Settle(link.CurrentUpload!, effects);
        }

        foreach (StarUpload upload in link.Deliveries)
        {
            Settle(upload, effects);
        }

        link.Clear();
        foreach (StarUpload upload in Unfinished())
        {
            upload.Waiting.Remove(link);
            if (upload.Holder == link)
            {
                Reassign(upload);
            }
        }
    }

    /// <summary>Forwards the requests that wait for no other any more.</summary>
    public void ForwardReady()
    {
        foreach (StarUpload upload in Unfinished())
        {
            ForwardIfReady(upload);
        }
    }

    private StarUpload[] Unfinished() => [.. _open.Values.SelectMany(uploads => uploads)];

    private bool TryTake(Queue<StarUpload> queue, out StarUpload upload)
    {
        while (queue.TryDequeue(out upload!))
        {
            if (!upload.IsDropped && upload.Waiting.Count > 0)
            {
                return true;
            }

            Close(upload);
        }

        return false;
    }

    private static Occupation Occupy(
        StarLink link, OccupationKind kind, StarUpload upload, StarLink requester, VirtualTime now)
    {
        link.CurrentUpload = upload;
        VirtualTime cost = kind is OccupationKind.Upload or OccupationKind.Deliver
            ? link.Cost.Chunk
            : link.Cost.Message;
        return new Occupation(
            kind, link.Index, upload.Chunk, requester.Index, upload.Holder.Index, now, now + cost);
    }

    private void OnRequested(StarLink requester, StarWish wish)
    {
        strategy.OnArrived(wish.Chunk);
        if (board.Setup.Mode == StarMode.FanOut && _open.TryGetValue(wish.Chunk, out List<StarUpload>? uploads))
        {
            uploads[0].Waiting.Add(requester);
            ForwardIfReady(uploads[0]);
            return;
        }

        StarLink? holder = wish.Holder is { IsPresent: true } meant && meant.Has[wish.Chunk]
            ? meant
            : board.LeastLoaded(wish.Chunk);
        if (holder is null)
        {
            Forget(requester, wish.Chunk);
            return;
        }

        Open(wish.Chunk, holder, [requester]);
    }

    private void Open(int chunk, StarLink holder, List<StarLink> waiting)
    {
        var upload = new StarUpload(chunk, holder);
        upload.Waiting.AddRange(waiting);
        if (!_open.TryGetValue(chunk, out List<StarUpload>? uploads))
        {
            uploads = new List<StarUpload>(1);
            _open.Add(chunk, uploads);
        }

        uploads.Add(upload);
        ForwardIfReady(upload);
    }

    private void ForwardIfReady(StarUpload upload)
    {
        if (!upload.IsForwarded && upload.Waiting.Count > 0 && !IsAwaited(upload.Chunk))
        {
            upload.IsForwarded = true;
            upload.Holder.Forwards.Enqueue(upload);
        }
    }

    /// <summary>Whether a peer whose window has room for it is about to ask for a chunk too.</summary>
    private bool IsAwaited(int chunk) => board.Setup.Mode == StarMode.FanOut && strategy.Awaits(chunk);

    /// <summary>A holder cannot serve a chunk after all, to nobody who waits for it.</summary>
    private void Lose(StarLink holder, StarUpload failed)
    {
        holder.Has.Clear(failed.Chunk);
        foreach (StarUpload upload in _open[failed.Chunk].ToArray())
        {
            if (upload.Holder == holder)
            {
                Reassign(upload);
            }
        }
    }

    /// <summary>Somebody else brings a chunk; when nobody can, those who wait for it forget it for now.</summary>
    private void Reassign(StarUpload upload)
    {
        upload.IsDropped = true;
        Close(upload);
        if (upload.Waiting.Count > 0 && board.LeastLoaded(upload.Chunk) is { } holder)
        {
            Open(upload.Chunk, holder, upload.Waiting);
            return;
        }

        foreach (StarLink requester in upload.Waiting)
        {
            Forget(requester, upload.Chunk);
        }
    }

    private void Close(StarUpload upload)
    {
        if (_open.TryGetValue(upload.Chunk, out List<StarUpload>? uploads) && uploads.Remove(upload)
            && uploads.Count == 0)
        {
            _open.Remove(upload.Chunk);
        }
    }

    private void OnDelivered(StarLink link, StarUpload upload, IList<StarEffect> effects)
    {
        Settle(upload, effects);
        if (board.Setup.Finished == FinishedCost.Free)
        {
            Finish(link, upload.Chunk);
        }
        else
        {
            link.Finished.Enqueue(upload);
        }
    }

    /// <summary>One delivery less is to come of an upload that is here.</summary>
    private static void Settle(StarUpload upload, IList<StarEffect> effects)
    {
        if (--upload.Pending == 0)
        {
            effects.Add(new StarEffect.Release(upload.Chunk));
        }
    }

    private void Finish(StarLink link, int chunk)
    {
        link.Wishes.Remove(chunk);
        link.Has.Set(chunk);
        strategy.OnFinished(link, chunk);
    }

    private static void Forget(StarLink link, int chunk)
    {
        link.Wishes.Remove(chunk);
        link.Claimed.Clear(chunk);
    }
}
