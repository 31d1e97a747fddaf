using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Roster;

namespace Shoal.Core.Exchange;

/// <summary>
/// The serving side of a peer: who asked for what, and how much of it the shell is given at a time. The relay goes
/// first: it asks for no more than it can hand on, and what it gets goes to several.
/// </summary>
internal sealed class PeerUploads(
    PeerId self, PeerChunks chunks, ChunkPicker picker, Dictionary<PeerId, Neighbour> neighbours)
{
    /// <summary>A neighbour that has more requests open than this is disconnected.</summary>
    public const int MostOpenRequests = 4096;

    // Enough to keep a connection busy while events travel; the rest waits here, where it can be cancelled.
    private const int FewestUploads = 2;
    private const long UploadWindow = 1 << 20;

    // By then whoever has it has announced it, and who asked here has turned there; nobody takes it for late before.
    private static readonly TimeSpan SparedFor = TimeSpan.FromMilliseconds(900);

    private readonly UplinkMeter _meter = new();

    // Own chunks that have gone to somebody who hands them on.
    private readonly ChunkSet _handedOn = new();
    private int _uploads;

    /// <summary>Payload handed to the links so far, in bytes.</summary>
    public long BytesSent { get; private set; }

    /// <summary>What of it went to the hub, in bytes.</summary>
    public long RelayedSent { get; private set; }

    /// <summary>The measured uplink, bytes per second; 0: not known yet.</summary>
    public double Rate => _meter.Rate;

    /// <summary>Takes requests; returns why the neighbour is to be disconnected, null if all is well.</summary>
    public DisconnectReason? Request(
        TimeSpan now, Neighbour neighbour, ImmutableArray<ChunkRef> requested, IList<SwarmPeerEffect> effects)
    {
        if (neighbour.Wanted.Count + neighbour.Spared.Count + requested.Length > MostOpenRequests)
        {
            return DisconnectReason.TooManyRequests;
        }

        ImmutableArray<ChunkRef>.Builder? declined = null;
        foreach (ChunkRef chunk in requested)
        {
            CatalogContent? content = chunks.Catalog.Find(chunk.Content);
            if (content is not null && !content.Manifest.Layout.Contains(chunk.Index))
            {
                return DisconnectReason.NoSuchChunk;
            }

            int number = content is null ? -1 : content.FirstChunk + chunk.Index.Value;
            if (number < 0 || !chunks.Mine.Contains(number))
            {
                declined ??= ImmutableArray.CreateBuilder<ChunkRef>();
                declined.Add(chunk);
            }
            else if (neighbour.WantedSet.Add(number))
            {
                neighbour.Wanted.Enqueue(number);
            }
        }

        if (declined is not null)
        {
            neighbour.Tell(new PeerMessage.Decline(declined.ToImmutable()), effects);
        }

        Pump(now, neighbour, effects);
        return null;
    }

    public void Cancel(Neighbour neighbour, ImmutableArray<ChunkRef> cancelled)
    {
        foreach (ChunkRef chunk in cancelled)
        {
            neighbour.WantedSet.Remove(chunks.Catalog.NumberOf(chunk));
        }
    }

    public void Ended(TimeSpan now, Neighbour neighbour, int chunk, IList<SwarmPeerEffect> effects)
    {
        int bytes = chunks.Catalog.LengthOf(chunk);
        BytesSent += bytes;
        RelayedSent += neighbour.IsRelay ? bytes : 0;
        neighbour.Uploads--;
        neighbour.UploadBytes -= bytes;
        _uploads--;
        _meter.Add(bytes);
        Pump(now, neighbour, effects);
        if (neighbour is { IsRelay: true, Uploads: 0 } || _uploads == 0)
        {
            PumpAll(now, effects);
        }

        if (_uploads == 0)
        {
            _meter.Idle();
        }
    }

    /// <summary>Forgets a neighbour whose connection is down.</summary>
    public void Forget(Neighbour neighbour)
    {
        _uploads -= neighbour.Uploads;
        neighbour.Uploads = 0;
        if (_uploads == 0)
        {
            _meter.Idle();
        }
    }

    public void Tick(TimeSpan now, int connections) => _meter.Tick(now, connections);

    /// <summary>Goes on with what has waited for the relay.</summary>
    public void PumpAll(TimeSpan now, IList<SwarmPeerEffect> effects)
    {
        foreach (Neighbour neighbour in neighbours.Values)
        {
            Pump(now, neighbour, effects);
        }
    }

    private void Pump(TimeSpan now, Neighbour neighbour, IList<SwarmPeerEffect> effects)
    {
        if (!neighbour.IsRelay && neighbours.GetValueOrDefault(PeerId.Relay) is { Uploads: > 0 })
        {
            return;
        }

        while (neighbour.Wanted.TryPeek(out int chunk))
        {
            bool isWanted = neighbour.WantedSet.Contains(chunk);
            if (isWanted && IsSpared(neighbour, chunk))
            {
                neighbour.Spared.Enqueue((chunk, now));
            }
            else if (isWanted && !TryUpload(now, neighbour, chunk, effects))
            {
                return;
            }

            neighbour.Wanted.Dequeue();
        }

        while (neighbour.Spared.TryPeek(out (int Chunk, TimeSpan Since) spared)
            && (_uploads == 0 || now - spared.Since > SparedFor || !neighbour.WantedSet.Contains(spared.Chunk)))
        {
            if (neighbour.WantedSet.Contains(spared.Chunk) && !TryUpload(now, neighbour, spared.Chunk, effects))
            {
                return;
            }

            neighbour.Spared.Dequeue();
        }
    }

    /// <summary>
    /// When the plan changes, so does who hands on which chunk; then two may ask for what one of them needs. The second
    /// can have it from the first, and this uplink has other things to send.
    /// </summary>
    private bool IsSpared(Neighbour neighbour, int chunk) =>
        !neighbour.IsRelay && _handedOn.Contains(chunk) && picker.IsSpared(self);

    /// <summary>Hands a chunk to the shell, unless it has enough for this neighbour.</summary>
    private bool TryUpload(TimeSpan now, Neighbour neighbour, int chunk, IList<SwarmPeerEffect> effects)
    {
        int bytes = chunks.Catalog.LengthOf(chunk);
        if (neighbour.Uploads >= FewestUploads && neighbour.UploadBytes + bytes > UploadWindow)
        {
            return false;
        }

        if (!neighbour.IsRelay && chunks.Catalog.ContentOf(chunk).Owner == self)
        {
            _handedOn.Add(chunk);
        }

        neighbour.WantedSet.Remove(chunk);
        neighbour.Uploads++;
        neighbour.UploadBytes += bytes;
        _uploads++;
        _meter.Begin(now);
        effects.Add(new SwarmPeerEffect.Upload(neighbour.Id, chunks.Catalog.RefOf(chunk)));
        return true;
    }
}
