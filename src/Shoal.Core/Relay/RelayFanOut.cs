namespace Shoal.Core.Relay;

/// <summary>
/// The way out: chunks that are here, and the queues of those who wait for them. Every receiver has its own, so that a
/// slow one delays nobody; behind a full one chunks are missed. A chunk is let go when the last of them has got it.
/// </summary>
internal sealed class RelayFanOut(RelayChunks chunks, RelayHolders holders)
{
    private readonly Queue<(RelayChunk Chunk, TimeSpan Since)> _lingering = new();

    /// <summary>A chunk that somebody waits for is here.</summary>
    public void Keep(TimeSpan now, RelayChunk chunk, IList<RelayEffect> effects)
    {
        chunk.IsHere = true;
        HandOut(now, chunk, effects);
        if (chunk.Pending == 0)
        {
            chunk.Pending = 1;
            Settle(now, chunk, effects);
        }
    }

    /// <summary>Queues a chunk that is here for all who wait for it, but for those whose backlog is full.</summary>
    public void HandOut(TimeSpan now, RelayChunk chunk, IList<RelayEffect> effects)
    {
        foreach (RelayMember member in chunk.Waiting)
        {
            if (member.Due.Contains(chunk))
            {
                // It took its wish back and has it again; the chunk was still on its way.
                continue;
            }

            if (member.Backlog + chunk.Bytes > RelayMachine.MostBacklog)
            {
                member.Missed.Add(chunk.Number);
                continue;
            }

            chunk.Pending++;
            member.Due.Add(chunk);
            member.Backlog += chunk.Bytes;
            member.Deliveries.Enqueue(chunk);
            Deliver(now, member, effects);
        }

        chunk.Waiting.Clear();
    }

    /// <summary>A receiver's link has taken a chunk and gets the next ones.</summary>
    public void Delivered(TimeSpan now, RelayMember member, RelayChunk chunk, IList<RelayEffect> effects)
    {
        if (!member.Sending.Remove(chunk))
        {
            return;
        }

        member.Due.Remove(chunk);
        member.SendingBytes -= chunk.Bytes;
        member.Backlog -= chunk.Bytes;
        member.Wishes.Remove(chunk.Number);
        chunk.Served.Add(member);
        chunks.Age(chunk);
        Settle(now, chunk, effects);
        Deliver(now, member, effects);
    }

    /// <summary>A receiver is gone, with all that was on its way to it.</summary>
    public void Leave(TimeSpan now, RelayMember member, IList<RelayEffect> effects)
    {
        foreach (RelayChunk chunk in member.Due)
        {
            Settle(now, chunk, effects);
        }
    }

    /// <summary>Whether there is room for more bytes, if need be by letting the slowest receiver miss some.</summary>
    public bool MakeRoom(TimeSpan now, int bytes, IList<RelayEffect> effects)
    {
        while (chunks.BytesInFlight + bytes > RelayMachine.MostBytes)
        {
            if (_lingering.Count > 0)
            {
                Expel(effects);
                continue;
            }

            RelayMember? slowest = holders.All.MaxBy(member => member.Backlog);
            if (slowest is null || !slowest.Deliveries.TryDequeue(out RelayChunk? chunk))
            {
                return false;
            }

            Withhold(now, slowest, chunk, effects);
        }

        return true;
    }

    /// <summary>Lets go of what has lingered long enough.</summary>
    public void Tick(TimeSpan now, IList<RelayEffect> effects)
    {
        while (_lingering.TryPeek(out var oldest) && now - oldest.Since > RelayMachine.LingerLimit)
        {
            Expel(effects);
        }
    }

    private void Deliver(TimeSpan now, RelayMember member, IList<RelayEffect> effects)
    {
        while (member.Deliveries.TryPeek(out RelayChunk? chunk)
            && (member.Sending.Count < RelayRequests.FewestAtOnce
                || member.SendingBytes + chunk.Bytes <= RelayRequests.WindowBytes))
        {
            member.Deliveries.Dequeue();
            if (!member.Wishes.Contains(chunk.Number))
            {
                Withhold(now, member, chunk, effects);
                continue;
            }

            member.Sending.Add(chunk);
            member.SendingBytes += chunk.Bytes;
            effects.Add(new RelayEffect.Deliver(member.Id, chunks.RefOf(chunk)));
        }
    }

    /// <summary>A receiver is not to get a chunk, or not now.</summary>
    private void Withhold(TimeSpan now, RelayMember member, RelayChunk chunk, IList<RelayEffect> effects)
    {
        member.Due.Remove(chunk);
        member.Backlog -= chunk.Bytes;
        if (member.Wishes.Contains(chunk.Number))
        {
            member.Missed.Add(chunk.Number);
        }

        Settle(now, chunk, effects);
    }

    /// <summary>
    /// One receiver less has to get a chunk that is here; after the last one it goes, at once or a little later.
    /// </summary>
    private void Settle(TimeSpan now, RelayChunk chunk, IList<RelayEffect> effects)
    {
        if (--chunk.Pending > 0)
        {
            return;
        }

        chunks.Age(chunk);
        if (holders.IsLacked(chunk))
        {
            _lingering.Enqueue((chunk, now));
        }
        else
        {
            Release(chunk, effects);
        }
    }

    /// <summary>Lets go of the chunk that has lingered longest, unless somebody has asked for it meanwhile.</summary>
    private void Expel(IList<RelayEffect> effects)
    {
        RelayChunk chunk = _lingering.Dequeue().Chunk;
        if (chunk is { IsHere: true, Pending: 0 })
        {
            Release(chunk, effects);
        }
    }

    private void Release(RelayChunk chunk, IList<RelayEffect> effects)
    {
        chunks.Vacate(chunk);
        chunk.IsHere = false;
        chunks.Remove(chunk);
        effects.Add(new RelayEffect.Release(chunks.RefOf(chunk)));
    }
}
