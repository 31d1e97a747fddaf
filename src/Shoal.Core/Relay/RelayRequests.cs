namespace Shoal.Core.Relay;

/// <summary>
/// The way in: what is to be asked of whom, and what has been asked and has not come. Holders take turns, each with a
/// few chunks at a time; while too many bytes are on their way or with nobody yet, none is asked.
/// </summary>
internal sealed class RelayRequests(RelayChunks chunks, RelayHolders holders, RelayFanOut fanOut)
{
    // Two chunks keep a link busy while events travel.
    public const int FewestAtOnce = 2;
    public const long WindowBytes = 1 << 20;

    private int _turn;

    /// <summary>Asks holders in turn for what is wanted of them, as far as there is room for it.</summary>
    public void AskAll(TimeSpan now, IList<RelayEffect> effects)
    {
        for (int idle = 0; idle < holders.All.Count && chunks.FreshBytes < RelayMachine.MostFreshBytes;)
        {
            _turn = (_turn + 1) % holders.All.Count;
            idle = TryAsk(now, holders.All[_turn], effects) ? 0 : idle + 1;
        }
    }

    /// <summary>A holder has sent a chunk; null: it was not asked for it, or nobody waits for it any more.</summary>
    public RelayChunk? Take(TimeSpan now, RelayMember holder, int number)
    {
        if (!holder.Asked.Remove(number, out RelayChunk? chunk))
        {
            return null;
        }

        holder.AskedBytes -= chunk.Bytes;
        holder.LastAnswer = now;
        holder.IsLate = false;
        if (chunk.Waiting.Count > 0)
        {
            return chunk;
        }

        chunks.Vacate(chunk);
        chunks.Remove(chunk);
        return null;
    }

    /// <summary>Nobody waits for a chunk any more: it need not come.</summary>
    public void Cancel(RelayChunk chunk, IList<RelayEffect> effects)
    {
        if (chunk is { IsHere: false, Holder: { } holder } && holder.Asked.ContainsKey(chunk.Number))
        {
            // It may be on its way already; then it comes and goes.
            TakeBack(holder, chunk, effects);
            chunks.Remove(chunk);
        }
    }

    /// <summary>A holder sent a chunk with a wrong hash: another one is asked, or the same one once more.</summary>
    public void Reject(RelayMember holder, int number, IList<RelayEffect> effects)
    {
        if (holder.Asked.TryGetValue(number, out RelayChunk? chunk))
        {
            Unask(holder, chunk);
            holders.Reassign(chunk, holder);
        }

        if (holder.IsBanned)
        {
            foreach (RelayChunk queued in holder.Queue.Concat(holder.Asked.Values).ToArray())
            {
                Lose(holder, queued.Number, effects);
            }
        }
    }

    /// <summary>A holder has a chunk no longer.</summary>
    public void Lose(RelayMember holder, int number, IList<RelayEffect> effects)
    {
        holder.Has.Remove(number);
        if (chunks.Find(number) is { IsHere: false } chunk && chunk.Holder == holder)
        {
            TakeBack(holder, chunk, effects);
            holders.Assign(chunk, except: holder);
        }
    }

    /// <summary>Asks others for what a holder has not sent for too long.</summary>
    public void PassOverLate(TimeSpan now, IList<RelayEffect> effects)
    {
        foreach (RelayMember holder in holders.All)
        {
            if (holder.Asked.Count == 0 || now - holder.LastAnswer <= RelayMachine.AnswerLimit)
            {
                continue;
            }

            holder.IsLate = true;
            foreach (RelayChunk chunk in holder.Asked.Values.Concat(holder.Queue).ToArray())
            {
                if (chunk.Holder == holder && !chunk.IsHere && holders.HasOther(chunk, holder))
                {
                    TakeBack(holder, chunk, effects);
                    holders.Assign(chunk, except: holder);
                }
            }
        }
    }

    /// <summary>A holder is gone; what was to come from it is to come from others.</summary>
    public void Leave(RelayMember holder)
    {
        foreach (RelayChunk chunk in holder.Asked.Values.ToArray())
        {
            Unask(holder, chunk);
        }

        foreach (RelayChunk chunk in chunks.All.Where(chunk => chunk.Holder == holder && !chunk.IsHere).ToArray())
        {
            holders.Assign(chunk, except: holder);
        }
    }

    private bool TryAsk(TimeSpan now, RelayMember holder, IList<RelayEffect> effects)
    {
        while (holder.Queue.TryPeek(out RelayChunk? chunk))
        {
            if (chunk.Holder != holder || chunk.IsHere || holder.Asked.ContainsKey(chunk.Number)
                || chunk.Waiting.Count == 0)
            {
                holder.Queue.Dequeue();
                Drop(chunk, holder);
                continue;
            }

            bool isBusy = holder.Asked.Count >= FewestAtOnce && holder.AskedBytes + chunk.Bytes > WindowBytes;
            if (isBusy || !fanOut.MakeRoom(now, chunk.Bytes, effects))
            {
                return false;
            }

            holder.Queue.Dequeue();
            holder.LastAnswer = holder.Asked.Count == 0 ? now : holder.LastAnswer;
            holder.Asked.Add(chunk.Number, chunk);
            holder.AskedBytes += chunk.Bytes;
            chunks.Occupy(chunk);
            effects.Add(new RelayEffect.Ask(holder.Id, chunks.RefOf(chunk)));
            return true;
        }

        return false;
    }

    /// <summary>Forgets a queued chunk that nobody waits for; one that is somebody else's turn is left alone.</summary>
    private void Drop(RelayChunk chunk, RelayMember holder)
    {
        if (chunk.Holder == holder && chunk is { IsHere: false, Waiting.Count: 0 }
            && !holder.Asked.ContainsKey(chunk.Number) && chunks.Find(chunk.Number) == chunk)
        {
            chunks.Remove(chunk);
        }
    }

    private void TakeBack(RelayMember holder, RelayChunk chunk, IList<RelayEffect> effects)
    {
        if (holder.Asked.ContainsKey(chunk.Number))
        {
            effects.Add(new RelayEffect.TakeBack(holder.Id, chunks.RefOf(chunk)));
            Unask(holder, chunk);
        }
    }

    private void Unask(RelayMember holder, RelayChunk chunk)
    {
        holder.Asked.Remove(chunk.Number);
        holder.AskedBytes -= chunk.Bytes;
        chunks.Vacate(chunk);
    }
}
