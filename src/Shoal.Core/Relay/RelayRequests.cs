namespace Shoal.Core.Relay;

/// <summary>
/// The way in: what is to be asked of whom, and what has been asked and has not come. Holders take turns, each with a
/// few chunks at a time; while too many bytes are on their way or with nobody yet, none is asked. Each receiver has a
/// part of these bytes; what only those want who have used up theirs is passed over meanwhile.
/// </summary>
internal sealed class RelayRequests(RelayChunks chunks, RelayHolders holders, RelayFanOut fanOut)
{
    // Two chunks keep a link busy while events travel.
    public const int FewestAtOnce = 2;
    public const long WindowBytes = 1 << 20;

    private int _turn;
    private long _lateBytes;

    /// <summary>
    /// What a receiver may owe, bytes: twice what is left, so that a few who take nothing leave room for others, and
    /// one alone gets two thirds (Choudhury and Hahne, Dynamic queue length thresholds, 1998).
    /// </summary>
    public long MostDebt => 2 * Math.Max(0, RelayMachine.MostFreshBytes - chunks.FreshBytes);

    /// <summary>Asks holders in turn for what is wanted of them, as far as there is room for it.</summary>
    public void AskAll(TimeSpan now, IList<RelayEffect> effects)
    {
        for (int idle = 0; idle < holders.All.Count && chunks.FreshBytes < RelayMachine.MostFreshBytes;)
        {
            _turn = (_turn + 1) % holders.All.Count;
            idle = TryAsk(now, holders.All[_turn], effects) ? 0 : idle + 1;
        }
    }

    /// <summary>
    /// A holder has sent a chunk; null: nobody waits for it. One that was asked of another since is as welcome.
    /// </summary>
    public RelayChunk? Take(TimeSpan now, RelayMember holder, int number, IList<RelayEffect> effects)
    {
        if (!holder.Asked.TryGetValue(number, out RelayChunk? chunk))
        {
            return TakeUnasked(now, number, effects);
        }

        Unask(holder, chunk);
        holder.LastAnswer = now;
        holder.IsLate = false;
        if (chunk.Waiting.Count == 0)
        {
            chunks.Remove(chunk);
            return null;
        }

        chunks.Occupy(chunk);
        return chunk;
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
        else if (chunk is { IsHere: false, Holder: null })
        {
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
            foreach (int lost in holder.Queue.Concat(holder.Asked.Keys).ToArray())
            {
                Lose(holder, lost, effects);
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

            if (!holder.IsLate)
            {
                holder.IsLate = true;
                Slow(holder, effects);
            }

            foreach (int number in holder.Asked.Keys.Concat(holder.Queue).ToArray())
            {
                if (chunks.Find(number) is { IsHere: false } chunk && chunk.Holder == holder
                    && holders.HasOther(chunk, holder))
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
        while (holder.Queue.TryPeek(out int number))
        {
            RelayChunk? chunk = chunks.Find(number);
            if (chunk is null || chunk.Holder != holder || chunk.IsHere || holder.Asked.ContainsKey(number)
                || chunk.Waiting.Count == 0)
            {
                Dequeue(holder);
                Drop(chunk, holder);
                continue;
            }

            if (chunk.Waiting.TrueForAll(member => member.Debt >= MostDebt))
            {
                if (!holders.All.Any(member => member.Wishes.Count > 0 && member.Debt < MostDebt / 2))
                {
                    return false;
                }

                Dequeue(holder);
                PutOff(chunk);
                continue;
            }

            if (IsBusy(holder, chunk.Bytes) || !fanOut.MakeRoom(now, chunk.Bytes, effects))
            {
                return false;
            }

            Dequeue(holder);
            Ask(now, holder, chunk, effects);
            return true;
        }

        return false;
    }

    private void Ask(TimeSpan now, RelayMember holder, RelayChunk chunk, IList<RelayEffect> effects)
    {
        holder.LastAnswer = holder.Asked.Count == 0 ? now : holder.LastAnswer;
        holder.Asked.Add(chunk.Number, chunk);
        holder.AskedBytes += chunk.Bytes;
        chunks.Occupy(chunk);
        if (holder.IsLate)
        {
            Delay(chunk);
        }

        effects.Add(new RelayEffect.Ask(holder.Id, chunks.RefOf(chunk)));
    }

    private bool IsBusy(RelayMember holder, int bytes) => holder.IsLate
        ? holder.Asked.Count > 0 || _lateBytes + bytes > RelayMachine.MostLateBytes
        : holder.Asked.Count >= FewestAtOnce && holder.AskedBytes + bytes > WindowBytes;

    /// <summary>Leaves one chunk asked of a holder that is late, and has it take room from nobody.</summary>
    private void Slow(RelayMember holder, IList<RelayEffect> effects)
    {
        bool isFirst = true;
        foreach (RelayChunk chunk in holder.Asked.Values.ToArray())
        {
            if (isFirst && _lateBytes + chunk.Bytes <= RelayMachine.MostLateBytes)
            {
                Delay(chunk);
                isFirst = false;
                continue;
            }

            TakeBack(holder, chunk, effects);
            holders.Reassign(chunk, holder);
        }
    }

    private void Delay(RelayChunk chunk)
    {
        chunk.IsDelayed = true;
        _lateBytes += chunk.Bytes;
        chunks.Age(chunk);
    }

    /// <summary>All who wait for a chunk owe too much: it is their turn later, and others' now.</summary>
    private void PutOff(RelayChunk chunk)
    {
        foreach (RelayMember member in chunk.Waiting)
        {
            member.Missed.Add(chunk.Number);
        }

        chunk.Waiting.Clear();
        chunks.Remove(chunk);
    }

    private RelayChunk? TakeUnasked(TimeSpan now, int number, IList<RelayEffect> effects)
    {
        if (chunks.Find(number) is not { IsHere: false, Waiting.Count: > 0 } chunk)
        {
            return null;
        }

        if (chunk.Holder is { } holder)
        {
            TakeBack(holder, chunk, effects);
        }

        if (!fanOut.MakeRoom(now, chunk.Bytes, effects))
        {
            holders.Assign(chunk, except: null);
            return null;
        }

        chunks.Occupy(chunk);
        return chunk;
    }

    /// <summary>Forgets a queued chunk that nobody waits for; one that is somebody else's turn is left alone.</summary>
    private void Drop(RelayChunk? chunk, RelayMember holder)
    {
        if (chunk is { IsHere: false, Waiting.Count: 0 } && chunk.Holder == holder
            && !holder.Asked.ContainsKey(chunk.Number))
        {
            chunks.Remove(chunk);
        }
    }

    private static void Dequeue(RelayMember holder) => holder.Queued.Remove(holder.Queue.Dequeue());

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
        _lateBytes -= chunk.IsDelayed ? chunk.Bytes : 0;
        chunk.IsDelayed = false;
        chunks.Vacate(chunk);
    }
}
