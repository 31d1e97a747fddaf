using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

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

    /// <summary>
    /// Bytes that are asked of holders who are late. They may never come, so others do not wait for the room.
    /// </summary>
    public const long MostLateBytes = 32 << 20;

    /// <summary>
    /// A holder that sends nothing for so long is late: it is passed over, if another has the chunk, and asked for one
    /// chunk at a time, if not.
    /// </summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A chunk that somebody lacks and has not asked for stays so long behind its last delivery, if there is
    /// room: peers do not start at the very same moment. Longer than a member may stand still and stay one, see
    /// <see cref="SwarmTrackerOptions.Lease"/>: time alone makes nobody's chunk come twice.
    /// </summary>
    public static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(10);

    private readonly RelayChunks _chunks = new();
    private readonly RelayHolders _holders = new();
    private readonly RelayFanOut _fanOut;
    private readonly RelayRequests _requests;

    /// <summary>A relay without members.</summary>
    public RelayMachine()
    {
        _fanOut = new RelayFanOut(_chunks, _holders);
        _requests = new RelayRequests(_chunks, _holders, _fanOut);
    }

    /// <summary>Bytes that are asked for or here.</summary>
    public long BytesInFlight => _chunks.BytesInFlight;

    private SwarmCatalog Catalog => _chunks.Catalog;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="now">Time since any fixed moment; never runs backwards.</param>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(TimeSpan now, RelayEvent @event, IList<RelayEffect> effects)
    {
        switch (@event)
        {
            case RelayEvent.Requested requested when _holders.Find(requested.Peer) is { } member:
                OnRequested(now, member, requested.Chunks, effects);
                break;
            case RelayEvent.Uploaded uploaded:
                OnUploaded(now, uploaded, effects);
                break;
            case RelayEvent.Delivered delivered when _holders.Find(delivered.Peer) is { } member:
                OnDelivered(now, member, delivered.Chunk, effects);
                break;
            case RelayEvent.Gained gained when _holders.Find(gained.Peer) is { } member:
                foreach (ChunkRef chunk in gained.Chunks)
                {
                    Gain(member, Catalog.NumberOf(chunk));
                }

                break;
            case RelayEvent.Cancelled cancelled when _holders.Find(cancelled.Peer) is { } member:
                foreach (ChunkRef chunk in cancelled.Chunks)
                {
                    Forget(member, Catalog.NumberOf(chunk), effects);
                }

                break;
            case RelayEvent.Tick:
                _requests.PassOverLate(now, effects);
                _fanOut.Tick(now, effects);
                break;
            default:
                OnChange(now, @event, effects);
                break;
        }

        ServeMissed(now, effects);
        _requests.AskAll(now, effects);
    }

    private void OnChange(TimeSpan now, RelayEvent @event, IList<RelayEffect> effects)
    {
        switch (@event)
        {
            case RelayEvent.Described described:
                foreach (Manifest manifest in described.Manifests)
                {
                    Catalog.TryAdd(manifest, out _);
                }

                break;
            case RelayEvent.Joined joined when _holders.Find(joined.Peer) is null:
                _holders.Add(joined.Peer);
                break;
            case RelayEvent.Left left when _holders.Find(left.Peer) is { } member:
                OnLeft(now, member, effects);
                break;
            case RelayEvent.Held held when _holders.Find(held.Peer) is { } member:
                OnHeld(member, held.Holdings);
                break;
            case RelayEvent.Corrupt corrupt when _holders.Find(corrupt.Holder) is { } member:
                member.CorruptChunks++;
                effects.Add(new RelayEffect.Blame(member.Id, corrupt.Chunk, member.CorruptChunks));
                _requests.Reject(member, Catalog.NumberOf(corrupt.Chunk), effects);
                break;
            case RelayEvent.Declined declined when _holders.Find(declined.Holder) is { } member:
                foreach (int number in declined.Chunks.Select(Catalog.NumberOf).Where(number => number >= 0))
                {
                    _requests.Lose(member, number, effects);
                }

                break;
            default:
                break;
        }
    }

    private void OnHeld(RelayMember member, ImmutableArray<Holding> holdings)
    {
        foreach (Holding holding in holdings)
        {
            if (Catalog.Find(holding.Content) is { } content && content.ChunkCount == holding.Chunks.Count)
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
        if (number >= 0 && member.Has.Add(number) && _chunks.Find(number) is { Holder: null, IsHere: false } chunk)
        {
            _holders.Assign(chunk, except: null);
        }
    }

    private void OnRequested(
        TimeSpan now, RelayMember member, ImmutableArray<ChunkRef> chunks, IList<RelayEffect> effects)
    {
        if (member.Wishes.Count + chunks.Length > MostWishes)
        {
            effects.Add(new RelayEffect.Refuse(member.Id));
            return;
        }

        foreach (ChunkRef name in chunks)
        {
            int number = Catalog.NumberOf(name);
            if (number < 0 || member.Has.Contains(number))
            {
                effects.Add(new RelayEffect.Decline(member.Id, name));
            }
            else if (member.Wishes.Add(number))
            {
                Want(now, member, number, effects);
            }
        }
    }

    private void Want(TimeSpan now, RelayMember member, int number, IList<RelayEffect> effects)
    {
        RelayChunk? chunk = _chunks.Find(number);
        if (chunk is null)
        {
            chunk = _chunks.Add(number);
            _holders.Assign(chunk, except: null);
        }

        chunk.Waiting.Add(member);
        if (chunk.IsHere)
        {
            _fanOut.HandOut(now, chunk, effects);
        }
    }

    private void OnUploaded(TimeSpan now, RelayEvent.Uploaded uploaded, IList<RelayEffect> effects)
    {
        int number = Catalog.NumberOf(uploaded.Chunk);
        RelayMember? holder = _holders.Find(uploaded.Holder);
        if (holder is not null && _requests.Take(now, holder, number, effects) is { } asked)
        {
            _fanOut.Keep(now, asked, effects);
        }
        else if (_chunks.Find(number) is not { IsHere: true })
        {
            effects.Add(new RelayEffect.Release(uploaded.Chunk));
        }
    }

    private void OnDelivered(TimeSpan now, RelayMember member, ChunkRef name, IList<RelayEffect> effects)
    {
        if (_chunks.Find(Catalog.NumberOf(name)) is { } chunk)
        {
            _fanOut.Delivered(now, member, chunk, effects);
        }
    }

    /// <summary>
    /// Asks once more for what receivers have missed and have room for again, a few chunks at a time.
    /// </summary>
    private void ServeMissed(TimeSpan now, IList<RelayEffect> effects)
    {
        long mostDebt = _requests.MostDebt;
        foreach (RelayMember member in _holders.All)
        {
            if (member.Missed.Count == 0 || member.Debt > mostDebt / 2 || member.Backlog > MostBacklog / 2)
            {
                continue;
            }

            int count = 0;
            for (long bytes = 0; count < member.Missed.Count && bytes <= mostDebt / 2; count++)
            {
                bytes += Catalog.LengthOf(member.Missed[count]);
            }

            int[] again = [.. member.Missed.Take(count)];
            member.Missed.RemoveRange(0, count);
            foreach (int number in again)
            {
                Want(now, member, number, effects);
            }
        }
    }

    /// <summary>A member wants a chunk no longer.</summary>
    private void Forget(RelayMember member, int number, IList<RelayEffect> effects)
    {
        if (!member.Wishes.Remove(number) || member.Missed.Remove(number))
        {
            return;
        }

        if (_chunks.Find(number) is { } chunk)
        {
            chunk.Waiting.Remove(member);
            if (chunk.Waiting.Count == 0)
            {
                _requests.Cancel(chunk, effects);
            }
        }
    }

    private void OnLeft(TimeSpan now, RelayMember member, IList<RelayEffect> effects)
    {
        _holders.Remove(member);
        foreach (int number in member.Wishes.ToArray())
        {
            Forget(member, number, effects);
        }

        _fanOut.Leave(now, member, effects);
        _requests.Leave(member);
    }
}
