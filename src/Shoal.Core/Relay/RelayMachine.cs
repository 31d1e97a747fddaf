using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;

namespace Shoal.Core.Relay;

/// <summary>
/// The star's centre: peers ask it for chunks, it asks one holder for each and hands what comes to all who wait for
/// it, so that a chunk crosses its owner's uplink once. It keeps a bounded number of bytes for the time that their
/// deliveries take; while there are too many it asks for no more, which is felt by the holders of this swarm and by
/// nobody else. Who takes too slowly misses chunks, and gets them by a second upload.
/// </summary>
public sealed class RelayMachine
{
    /// <summary>So many chunks may be wanted by one peer at a time; who asks for more is refused.</summary>
    public const int MostWishes = 8192;

    /// <summary>
    /// Bytes that are asked for, or here and with nobody yet: what it takes to keep every link busy, and no more.
    /// </summary>
    public const long MostFreshBytes = 32 << 20;

    /// <summary>Bytes that wait for one receiver, behind which it misses chunks.</summary>
    public const long MostBacklog = 48 << 20;

    /// <summary>
    /// Bytes that are asked for or here, in all; beyond, the slowest receivers miss what waits for them.
    /// </summary>
    public const long MostBytes = 96 << 20;

    /// <summary>A holder that sends nothing for so long is passed over, if another has the chunk.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A chunk that somebody lacks and has not asked for stays so long behind its last delivery, if there is
    /// room: peers do not start at the very same moment.
    /// </summary>
    public static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(2);

    // Two chunks keep a link busy while events travel.
    private const int FewestAtOnce = 2;
    private const long WindowBytes = 1 << 20;

    private readonly SwarmCatalog _catalog = new();
    private readonly Dictionary<PeerId, RelayMember> _members = [];
    private readonly List<RelayMember> _order = [];
    private readonly Dictionary<int, RelayChunk> _wanted = [];
    private readonly Queue<(RelayChunk Chunk, TimeSpan Since)> _lingering = new();
    private TimeSpan _now;
    private long _freshBytes;
    private int _turn;

    /// <summary>Bytes that are asked for or here.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, RelayEvent @event, IList<RelayEffect> effects)
    {
        _now = now;
        switch (@event)
        {
            case RelayEvent.Requested requested when Find(requested.Peer) is { } member:
                OnRequested(member, requested.Chunks, effects);
                break;
            case RelayEvent.Uploaded uploaded:
                OnUploaded(now, uploaded, effects);
                break;
            case RelayEvent.Delivered delivered when Find(delivered.Peer) is { } member:
                OnDelivered(member, delivered.Chunk, effects);
                break;
            case RelayEvent.Gained gained when Find(gained.Peer) is { } member:
                foreach (ChunkRef chunk in gained.Chunks)
                {
                    Gain(member, _catalog.NumberOf(chunk));
                }

                break;
            case RelayEvent.Cancelled cancelled when Find(cancelled.Peer) is { } member:
                foreach (ChunkRef chunk in cancelled.Chunks)
                {
                    Forget(member, _catalog.NumberOf(chunk), effects);
                }

                break;
            case RelayEvent.Tick:
                PassOverLate(now, effects);
                while (_lingering.TryPeek(out var oldest) && now - oldest.Since > LingerLimit)
                {
                    Expel(effects);
                }

                break;
            default:
                OnChange(@event, effects);
                break;
        }

        AskAll(now, effects);
    }

    private void OnChange(RelayEvent @event, IList<RelayEffect> effects)
    {
        switch (@event)
        {
            case RelayEvent.Described described:
                foreach (Manifest manifest in described.Manifests)
                {
                    _catalog.TryAdd(manifest, out _);
                }

                break;
            case RelayEvent.Joined joined when Find(joined.Peer) is null:
                var newcomer = new RelayMember(joined.Peer);
                _members.Add(joined.Peer, newcomer);
                _order.Add(newcomer);
                break;
            case RelayEvent.Left left when Find(left.Peer) is { } member:
                OnLeft(member, effects);
                break;
            case RelayEvent.Held held when Find(held.Peer) is { } member:
                OnHeld(member, held.Holdings);
                break;
            case RelayEvent.Corrupt corrupt when Find(corrupt.Holder) is { } member:
                OnCorrupt(member, corrupt.Chunk, effects);
                break;
            case RelayEvent.Declined declined when Find(declined.Holder) is { } member:
                foreach (ChunkRef chunk in declined.Chunks)
                {
                    Lose(member, _catalog.NumberOf(chunk), effects);
                }

                break;
            default:
                break;
        }
    }

    private RelayMember? Find(PeerId peer) => _members.GetValueOrDefault(peer);

    private void OnHeld(RelayMember member, ImmutableArray<Holding> holdings)
    {
        foreach (Holding holding in holdings)
        {
            if (_catalog.Find(holding.Content) is { } content && content.ChunkCount == holding.Chunks.Count)
            {
                for (int i = 0; i < content.ChunkCount; i++)
                {
                    if (holding.Chunks[i])
                    {
                        Gain(member, content.FirstChunk + i);
                    }
                }
            }
        }
    }

    private void Gain(RelayMember member, int number)
    {
        if (number >= 0 && member.Has.Add(number)
            && _wanted.TryGetValue(number, out RelayChunk? chunk) && chunk is { Holder: null, IsHere: false })
        {
            Assign(chunk, except: null);
        }
    }

    private void OnRequested(RelayMember member, ImmutableArray<ChunkRef> chunks, IList<RelayEffect> effects)
    {
        if (member.Wishes.Count + chunks.Length > MostWishes)
        {
            effects.Add(new RelayEffect.Refuse(member.Id));
            return;
        }

        foreach (ChunkRef name in chunks)
        {
            int number = _catalog.NumberOf(name);
            if (number < 0 || member.Has.Contains(number))
            {
                effects.Add(new RelayEffect.Decline(member.Id, name));
            }
            else if (member.Wishes.Add(number))
            {
                Want(member, number, effects);
            }
        }
    }

    private void Want(RelayMember member, int number, IList<RelayEffect> effects)
    {
        if (!_wanted.TryGetValue(number, out RelayChunk? chunk))
        {
            chunk = new RelayChunk(number, _catalog.LengthOf(number));
            _wanted.Add(number, chunk);
            Assign(chunk, except: null);
        }

        chunk.Waiting.Add(member);
        if (chunk.IsHere)
        {
            HandOut(chunk, effects);
        }
    }

    /// <summary>Makes it somebody's turn to send a chunk: of its holders the one with the least before it.</summary>
    private void Assign(RelayChunk chunk, RelayMember? except)
    {
        RelayMember? best = null;
        foreach (RelayMember member in _order)
        {
            if (member != except && !member.IsBanned && member.Has.Contains(chunk.Number) && IsBetter(member, best))
            {
                best = member;
            }
        }

        chunk.Holder = best;
        best?.Queue.Enqueue(chunk);
    }

    private static bool IsBetter(RelayMember member, RelayMember? best) =>
        best is null || (member.IsLate == best.IsLate
            ? member.Queue.Count + member.Asked.Count < best.Queue.Count + best.Asked.Count
            : best.IsLate);

    /// <summary>Asks holders in turn for what is wanted of them, as far as there is room for it.</summary>
    private void AskAll(TimeSpan now, IList<RelayEffect> effects)
    {
        for (int idle = 0; idle < _order.Count && _freshBytes < MostFreshBytes;)
        {
            _turn = (_turn + 1) % _order.Count;
            idle = TryAsk(now, _order[_turn], effects) ? 0 : idle + 1;
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
            if (isBusy || !MakeRoom(chunk.Bytes, effects))
            {
                return false;
            }

            holder.Queue.Dequeue();
            holder.LastAnswer = holder.Asked.Count == 0 ? now : holder.LastAnswer;
            holder.Asked.Add(chunk.Number, chunk);
            holder.AskedBytes += chunk.Bytes;
            BytesInFlight += chunk.Bytes;
            SetFresh(chunk, isFresh: true);
            effects.Add(new RelayEffect.Ask(holder.Id, _catalog.RefOf(chunk.Number)));
            return true;
        }

        return false;
    }

    /// <summary>Forgets a queued chunk that nobody waits for; one that is somebody else's turn is left alone.</summary>
    private void Drop(RelayChunk chunk, RelayMember holder)
    {
        if (chunk.Holder == holder && chunk is { IsHere: false, Waiting.Count: 0 }
            && !holder.Asked.ContainsKey(chunk.Number) && _wanted.GetValueOrDefault(chunk.Number) == chunk)
        {
            _wanted.Remove(chunk.Number);
        }
    }

    /// <summary>Whether there is room for more bytes, if need be by letting the slowest receiver miss some.</summary>
    private bool MakeRoom(int bytes, IList<RelayEffect> effects)
    {
        while (BytesInFlight + bytes > MostBytes)
        {
            if (_lingering.Count > 0)
            {
                Expel(effects);
                continue;
            }

            RelayMember? slowest = _order.MaxBy(member => member.Backlog);
            if (slowest is null || !slowest.Deliveries.TryDequeue(out RelayChunk? chunk))
            {
                return false;
            }

            slowest.Backlog -= chunk.Bytes;
            slowest.Missed.Add(chunk);
            Settle(chunk, effects);
        }

        return true;
    }

    private void OnUploaded(TimeSpan now, RelayEvent.Uploaded uploaded, IList<RelayEffect> effects)
    {
        int number = _catalog.NumberOf(uploaded.Chunk);
        RelayMember? holder = Find(uploaded.Holder);
        RelayChunk? asked = holder is null ? null : TakeAsked(now, holder, number);
        if (asked is null || asked.IsHere || asked.Waiting.Count == 0)
        {
            // Nobody asked for it, or nobody wants it any more.
            Discard(asked);
            if (_wanted.GetValueOrDefault(number) is not { IsHere: true })
            {
                effects.Add(new RelayEffect.Release(uploaded.Chunk));
            }

            return;
        }

        asked.IsHere = true;
        HandOut(asked, effects);
        if (asked.Pending == 0)
        {
            asked.Pending = 1;
            Settle(asked, effects);
        }
    }

    private void Discard(RelayChunk? chunk)
    {
        if (chunk is { IsHere: false })
        {
            BytesInFlight -= chunk.Bytes;
            SetFresh(chunk, isFresh: false);
            _wanted.Remove(chunk.Number);
        }
    }

    private static RelayChunk? TakeAsked(TimeSpan now, RelayMember holder, int number)
    {
        if (!holder.Asked.Remove(number, out RelayChunk? chunk))
        {
            return null;
        }

        holder.AskedBytes -= chunk.Bytes;
        holder.LastAnswer = now;
        holder.IsLate = false;
        return chunk;
    }

    /// <summary>Queues a chunk that is here for all who wait for it, but for those whose backlog is full.</summary>
    private void HandOut(RelayChunk chunk, IList<RelayEffect> effects)
    {
        foreach (RelayMember member in chunk.Waiting)
        {
            if (member.Backlog + chunk.Bytes > MostBacklog)
            {
                member.Missed.Add(chunk);
                continue;
            }

            chunk.Pending++;
            member.Backlog += chunk.Bytes;
            member.Deliveries.Enqueue(chunk);
            Deliver(member, effects);
        }

        chunk.Waiting.Clear();
    }

    private void Deliver(RelayMember member, IList<RelayEffect> effects)
    {
        while (member.Deliveries.TryPeek(out RelayChunk? chunk)
            && (member.Sending.Count < FewestAtOnce || member.SendingBytes + chunk.Bytes <= WindowBytes))
        {
            member.Deliveries.Dequeue();
            if (!member.Wishes.Contains(chunk.Number))
            {
                member.Backlog -= chunk.Bytes;
                Settle(chunk, effects);
                continue;
            }

            member.Sending.Add(chunk);
            member.SendingBytes += chunk.Bytes;
            effects.Add(new RelayEffect.Deliver(member.Id, _catalog.RefOf(chunk.Number)));
        }
    }

    private void OnDelivered(RelayMember member, ChunkRef name, IList<RelayEffect> effects)
    {
        int number = _catalog.NumberOf(name);
        if (!_wanted.TryGetValue(number, out RelayChunk? chunk) || !member.Sending.Remove(chunk))
        {
            return;
        }

        member.SendingBytes -= chunk.Bytes;
        member.Backlog -= chunk.Bytes;
        member.Wishes.Remove(number);
        chunk.Served.Add(member);
        SetFresh(chunk, isFresh: false);
        Settle(chunk, effects);
        Deliver(member, effects);
        if (member.Missed.Count > 0 && member.Backlog < MostBacklog / 2)
        {
            Catch(member, effects);
        }
    }

    /// <summary>Asks once more for what a receiver has missed.</summary>
    private void Catch(RelayMember member, IList<RelayEffect> effects)
    {
        RelayChunk[] missed = [.. member.Missed];
        member.Missed.Clear();
        foreach (RelayChunk chunk in missed)
        {
            if (member.Wishes.Contains(chunk.Number))
            {
                Want(member, chunk.Number, effects);
            }
        }
    }

    /// <summary>
    /// One receiver less has to get a chunk that is here; after the last one it goes, at once or a little later.
    /// </summary>
    private void Settle(RelayChunk chunk, IList<RelayEffect> effects)
    {
        if (--chunk.Pending > 0)
        {
            return;
        }

        SetFresh(chunk, isFresh: false);
        if (_order.Exists(member => !member.Has.Contains(chunk.Number) && !chunk.Served.Contains(member)))
        {
            _lingering.Enqueue((chunk, _now));
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
        BytesInFlight -= chunk.Bytes;
        chunk.IsHere = false;
        _wanted.Remove(chunk.Number);
        effects.Add(new RelayEffect.Release(_catalog.RefOf(chunk.Number)));
    }

    private void SetFresh(RelayChunk chunk, bool isFresh)
    {
        if (chunk.IsFresh != isFresh)
        {
            chunk.IsFresh = isFresh;
            _freshBytes += isFresh ? chunk.Bytes : -chunk.Bytes;
        }
    }

    private void Forget(RelayMember member, int number, IList<RelayEffect> effects)
    {
        if (!member.Wishes.Remove(number) || !_wanted.TryGetValue(number, out RelayChunk? chunk))
        {
            return;
        }

        chunk.Waiting.Remove(member);
        if (chunk.Waiting.Count == 0 && chunk is { IsHere: false, Holder: { } holder }
            && holder.Asked.ContainsKey(number))
        {
            // It may be on its way already; then it comes and goes.
            effects.Add(new RelayEffect.TakeBack(holder.Id, _catalog.RefOf(number)));
            Unask(holder, chunk);
            _wanted.Remove(number);
        }
    }

    private void Unask(RelayMember holder, RelayChunk chunk)
    {
        holder.Asked.Remove(chunk.Number);
        holder.AskedBytes -= chunk.Bytes;
        BytesInFlight -= chunk.Bytes;
        SetFresh(chunk, isFresh: false);
    }

    private void OnCorrupt(RelayMember holder, ChunkRef name, IList<RelayEffect> effects)
    {
        int number = _catalog.NumberOf(name);
        holder.CorruptChunks++;
        effects.Add(new RelayEffect.Blame(holder.Id, name, holder.CorruptChunks));
        if (holder.Asked.TryGetValue(number, out RelayChunk? chunk))
        {
            Unask(holder, chunk);
            Reassign(chunk, holder);
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
    private void Lose(RelayMember holder, int number, IList<RelayEffect> effects)
    {
        if (number < 0)
        {
            return;
        }

        holder.Has.Remove(number);
        if (_wanted.TryGetValue(number, out RelayChunk? chunk) && chunk.Holder == holder && !chunk.IsHere)
        {
            if (holder.Asked.ContainsKey(number))
            {
                effects.Add(new RelayEffect.TakeBack(holder.Id, _catalog.RefOf(number)));
                Unask(holder, chunk);
            }

            Assign(chunk, except: holder);
        }
    }

    /// <summary>Another holder, or the same one again if there is no other.</summary>
    private void Reassign(RelayChunk chunk, RelayMember holder)
    {
        Assign(chunk, except: holder);
        if (chunk.Holder is null)
        {
            Assign(chunk, except: null);
        }
    }

    private void PassOverLate(TimeSpan now, IList<RelayEffect> effects)
    {
        foreach (RelayMember holder in _order)
        {
            if (holder.Asked.Count == 0 || now - holder.LastAnswer <= AnswerLimit)
            {
                continue;
            }

            holder.IsLate = true;
            foreach (RelayChunk chunk in holder.Asked.Values.Concat(holder.Queue).ToArray())
            {
                bool hasOther = _order.Exists(
                    other => other != holder && other is { IsBanned: false, IsLate: false }
                        && other.Has.Contains(chunk.Number));
                if (hasOther && chunk.Holder == holder && !chunk.IsHere)
                {
                    if (holder.Asked.ContainsKey(chunk.Number))
                    {
                        effects.Add(new RelayEffect.TakeBack(holder.Id, _catalog.RefOf(chunk.Number)));
                        Unask(holder, chunk);
                    }

                    Assign(chunk, except: holder);
                }
            }
        }
    }

    private void OnLeft(RelayMember member, IList<RelayEffect> effects)
    {
        _members.Remove(member.Id);
        _order.Remove(member);
        foreach (int number in member.Wishes.ToArray())
        {
            Forget(member, number, effects);
        }

        foreach (RelayChunk chunk in member.Sending.Concat(member.Deliveries).ToArray())
        {
            Settle(chunk, effects);
        }

        foreach (RelayChunk chunk in member.Asked.Values.ToArray())
        {
            Unask(member, chunk);
        }

        foreach (RelayChunk chunk in _wanted.Values.Where(chunk => chunk.Holder == member && !chunk.IsHere).ToArray())
        {
            Assign(chunk, except: member);
        }
    }
}
