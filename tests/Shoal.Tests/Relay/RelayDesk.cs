using Shoal.Core.Content;
using Shoal.Core.Relay;
using Shoal.Core.Roster;
using Shoal.Tests.Exchange;

namespace Shoal.Tests.Relay;

/// <summary>
/// A relay fed by hand, and a plain model beside it: what was asked of whom, what is kept, what goes to whom. What the
/// relay may never want is asserted with every effect.
/// </summary>
internal sealed class RelayDesk
{
    private readonly RelayMachine _machine = new();
    private readonly Dictionary<ChunkRef, int> _bytes = [];

    public TimeSpan Now { get; set; }

    /// <summary>What the relay wanted, oldest first.</summary>
    public List<RelayEffect> Effects { get; } = [];

    /// <summary>Chunks that were asked for and have neither come nor been taken back.</summary>
    public List<RelayEffect.Ask> Asked { get; } = [];

    /// <summary>Chunks on the links of receivers.</summary>
    public List<RelayEffect.Deliver> Delivering { get; } = [];

    /// <summary>Chunks whose bytes the relay has and has not released.</summary>
    public HashSet<ChunkRef> Kept { get; } = [];

    /// <summary>How often each chunk was asked for.</summary>
    public Dictionary<ChunkRef, int> AskedTimes { get; } = [];

    public long BytesInFlight => _machine.BytesInFlight;

    public long KeptBytes => Kept.Sum(chunk => (long)_bytes[chunk]);

    /// <summary>A desk with contents and so many members, numbered from 1, that have nothing yet.</summary>
    public static RelayDesk With(int members, params Manifest[] contents)
    {
        var desk = new RelayDesk();
        desk.Apply(new RelayEvent.Described([.. contents]));
        foreach (Manifest content in contents)
        {
            for (int i = 0; i < content.ChunkCount; i++)
            {
                desk._bytes[content.Chunk(i)] = content.Layout.RangeOf(new ChunkIndex(i)).Length;
            }
        }

        for (int member = 1; member <= members; member++)
        {
            desk.Apply(new RelayEvent.Joined(SwarmWords.Peer(member)));
        }

        return desk;
    }

    public void Hold(int member, params Manifest[] contents) => Apply(new RelayEvent.Held(
        SwarmWords.Peer(member), [.. contents.Select(content => content.Full())]));

    public void Request(int member, params ChunkRef[] chunks) =>
        Apply(new RelayEvent.Requested(SwarmWords.Peer(member), [.. chunks]));

    public void Cancel(int member, params ChunkRef[] chunks) =>
        Apply(new RelayEvent.Cancelled(SwarmWords.Peer(member), [.. chunks]));

    public void Gain(int member, params ChunkRef[] chunks) =>
        Apply(new RelayEvent.Gained(SwarmWords.Peer(member), [.. chunks]));

    public void Decline(int member, params ChunkRef[] chunks) =>
        Apply(new RelayEvent.Declined(SwarmWords.Peer(member), [.. chunks]));

    public void Corrupt(RelayEffect.Ask ask)
    {
        Asked.Remove(ask);
        Apply(new RelayEvent.Corrupt(ask.Holder, ask.Chunk));
    }

    public void Leave(int member)
    {
        Asked.RemoveAll(ask => ask.Holder == SwarmWords.Peer(member));
        Delivering.RemoveAll(delivery => delivery.Peer == SwarmWords.Peer(member));
        Apply(new RelayEvent.Left(SwarmWords.Peer(member)));
    }

    public void Tick(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Apply(new RelayEvent.Tick());
    }

    /// <summary>A holder sends what it was asked for.</summary>
    public void Upload(RelayEffect.Ask ask) => Upload(ask.Holder, ask.Chunk);

    /// <summary>A member sends a chunk, asked for or not.</summary>
    public void Upload(PeerId holder, ChunkRef chunk)
    {
        Asked.Remove(new RelayEffect.Ask(holder, chunk));
        Kept.Add(chunk);
        Apply(new RelayEvent.Uploaded(holder, chunk));
    }

    /// <summary>A receiver's link takes a chunk; the receiver says that it has it.</summary>
    public void Deliver(RelayEffect.Deliver delivery)
    {
        Delivering.Remove(delivery);
        Apply(new RelayEvent.Delivered(delivery.Peer, delivery.Chunk));
        Apply(new RelayEvent.Gained(delivery.Peer, [delivery.Chunk]));
    }

    /// <summary>Uploads and delivers until nothing is left to do, but never delivers to some.</summary>
    public void Run(params int[] stuck)
    {
        PeerId[] never = [.. stuck.Select(SwarmWords.Peer)];
        while (true)
        {
            if (Delivering.Find(delivery => !never.Contains(delivery.Peer)) is { } delivery)
            {
                Deliver(delivery);
            }
            else if (Asked.FirstOrDefault() is { } ask)
            {
                Upload(ask);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Uploads what is asked for just now.</summary>
    public void UploadAll()
    {
        foreach (RelayEffect.Ask ask in Asked.ToArray())
        {
            Upload(ask);
        }
    }

    public void DeliverAll()
    {
        while (Delivering.Count > 0)
        {
            Deliver(Delivering[0]);
        }
    }

    public List<T> Of<T>() where T : RelayEffect => [.. Effects.OfType<T>()];

    public void Apply(RelayEvent @event)
    {
        var effects = new List<RelayEffect>();
        _machine.Apply(Now, @event, effects);
        foreach (RelayEffect effect in effects)
        {
            Effects.Add(effect);
            Take(effect);
        }

        Assert.InRange(BytesInFlight, 0, RelayMachine.MostBytes);
        Assert.True(KeptBytes <= BytesInFlight, $"{KeptBytes} bytes are kept, {BytesInFlight} are counted");
    }

    private void Take(RelayEffect effect)
    {
        switch (effect)
        {
            case RelayEffect.Ask ask:
                Assert.DoesNotContain(Asked, other => other.Chunk == ask.Chunk);
                Assert.DoesNotContain(ask.Chunk, Kept);
                Asked.Add(ask);
                AskedTimes[ask.Chunk] = AskedTimes.GetValueOrDefault(ask.Chunk) + 1;
                break;
            case RelayEffect.TakeBack back:
                Assert.Equal(1, Asked.RemoveAll(ask => ask.Holder == back.Holder && ask.Chunk == back.Chunk));
                break;
            case RelayEffect.Deliver delivery:
                Assert.Contains(delivery.Chunk, Kept);
                Assert.DoesNotContain(delivery, Delivering);
                Delivering.Add(delivery);
                break;
            case RelayEffect.Release release:
                Assert.True(Kept.Remove(release.Chunk), $"{release.Chunk} is not kept");
                Assert.DoesNotContain(Delivering, delivery => delivery.Chunk == release.Chunk);
                break;
            default:
                break;
        }
    }
}
