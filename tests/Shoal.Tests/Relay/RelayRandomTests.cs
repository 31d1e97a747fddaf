using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Randomness;
using Shoal.Core.Relay;
using Shoal.Tests.Exchange;

namespace Shoal.Tests.Relay;

/// <summary>
/// Random sequences of all that can happen to a relay, against a plain model: who has what and who wants what. At the
/// end, when nothing is in the way any more, everybody has what it wanted.
/// </summary>
public sealed class RelayRandomTests(ITestOutputHelper output)
{
    private const int Members = 6;

    private readonly HashSet<(int Member, ChunkRef Chunk)> _has = [];
    private readonly HashSet<(int Member, ChunkRef Chunk)> _wants = [];
    private readonly HashSet<int> _absent = [];
    private readonly int[] _corrupt = new int[Members + 1];

    [Theory]
    [InlineData(SwarmWords.ChunkSize, 60, 0, 200)]
    [InlineData(1 << 20, 150, 10_000, 60)]
    public void Every_wish_is_met_once(int chunkSize, int chunks, ulong firstSeed, int runs)
    {
        for (ulong seed = firstSeed; seed < firstSeed + (ulong)runs; seed++)
        {
            output.WriteLine($"random seed {seed}");
            Manifest content = SwarmWords.Content((long)chunks * chunkSize, seed + 1, chunkSize);
            Run(new DeterministicRandom(DeterministicRandom.Mix(seed)), content);
        }
    }

    [Fact]
    public void Without_faults_every_chunk_crosses_its_owners_uplink_once()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            output.WriteLine($"random seed {seed}");
            var random = new DeterministicRandom(DeterministicRandom.Mix(seed));
            Manifest content = SwarmWords.Content(100, seed + 1);
            ImmutableArray<ChunkRef> chunks = [.. Enumerable.Range(0, content.ChunkCount).Select(content.Chunk)];
            RelayDesk desk = RelayDesk.With(Members, content);
            _has.Clear();
            Gain(desk, 1, chunks);
            for (int start = 0; start < chunks.Length; start += 10)
            {
                foreach (int member in Enumerable.Range(2, Members - 1))
                {
                    Want(desk, member, chunks[start..(start + 10)]);
                    for (int i = random.Next(20); i > 0; i--)
                    {
                        Work(desk, random);
                    }
                }
            }

            Finish(desk);
            Assert.All(desk.AskedTimes.Values, times => Assert.Equal(1, times));
            Assert.Equal(chunks.Length * (Members - 1), desk.Of<RelayEffect.Deliver>().Count);
        }
    }

    private void Run(DeterministicRandom random, Manifest content)
    {
        ImmutableArray<ChunkRef> chunks = [.. Enumerable.Range(0, content.ChunkCount).Select(content.Chunk)];
        RelayDesk desk = RelayDesk.With(Members, content);
        _has.Clear();
        _wants.Clear();
        _absent.Clear();
        Array.Clear(_corrupt);
        Gain(desk, 1, chunks);
        Gain(desk, 2, [.. chunks.Where(_ => random.Next(2) == 0)]);
        for (int i = 0; i < 600; i++)
        {
            Step(desk, chunks, random);
            Check(desk);
        }

        foreach (int member in _absent.ToArray())
        {
            Return(desk, member);
        }

        Gain(desk, 1, chunks);
        Finish(desk);
    }

    private void Step(RelayDesk desk, ImmutableArray<ChunkRef> chunks, DeterministicRandom random)
    {
        int member = 1 + random.Next(Members);
        ChunkRef chunk = chunks[random.Next(chunks.Length)];
        switch (random.Next(16))
        {
            case 0 or 1 when !_absent.Contains(member):
                int start = random.Next(chunks.Length);
                Want(desk, member, chunks[start..Math.Min(chunks.Length, start + 1 + random.Next(30))]);
                break;
            case 2 when _wants.Contains((member, chunk)) || random.Next(10) == 0:
                _wants.Remove((member, chunk));
                desk.Cancel(member, chunk);
                break;
            case 3 when desk.Asked.Find(ask => _corrupt[(int)ask.Holder.Low] < SwarmPeer.MostCorruptChunks - 1)
                is { } asked && random.Next(3) == 0:
                _corrupt[(int)asked.Holder.Low]++;
                desk.Corrupt(asked);
                break;
            case 4 when desk.Asked.Count > 0 && random.Next(3) == 0:
                RelayEffect.Ask declined = desk.Asked[random.Next(desk.Asked.Count)];
                _has.Remove(((int)declined.Holder.Low, declined.Chunk));
                desk.Decline((int)declined.Holder.Low, declined.Chunk);
                break;
            case 5 when random.Next(6) == 0 && member > 1 && !_absent.Contains(member):
                _absent.Add(member);
                _wants.RemoveWhere(wish => wish.Member == member);
                desk.Leave(member);
                break;
            case 6 when _absent.Contains(member):
                Return(desk, member);
                break;
            case 7 when random.Next(4) == 0:
                desk.Tick(random.Next(8));
                break;
            case 8 when _has.Contains((member, chunk)) && !_absent.Contains(member):
                desk.Upload(SwarmWords.Peer(member), chunk);
                break;
            default:
                Work(desk, random);
                break;
        }
    }

    /// <summary>A holder sends what it is asked for, or a receiver takes what it gets.</summary>
    private void Work(RelayDesk desk, DeterministicRandom random)
    {
        if (desk.Asked.Count > 0 && random.Next(2) == 0)
        {
            desk.Upload(desk.Asked[random.Next(Math.Min(4, desk.Asked.Count))]);
        }
        else if (desk.Delivering.Count > 0)
        {
            Deliver(desk, desk.Delivering[random.Next(desk.Delivering.Count)]);
        }
    }

    private void Check(RelayDesk desk)
    {
        foreach (RelayEffect.Ask ask in desk.Asked)
        {
            Assert.Contains(((int)ask.Holder.Low, ask.Chunk), _has);
        }

        Assert.Empty(desk.Of<RelayEffect.Decline>());
    }

    /// <summary>Members who send and take what they are to: nobody waits in the end, and nothing is kept.</summary>
    private void Finish(RelayDesk desk)
    {
        while (desk.Asked.Count + desk.Delivering.Count > 0)
        {
            foreach (RelayEffect.Ask ask in desk.Asked.ToArray())
            {
                if (desk.Asked.Contains(ask))
                {
                    desk.Upload(ask);
                }
            }

            foreach (RelayEffect.Deliver delivery in desk.Delivering.ToArray())
            {
                Deliver(desk, delivery);
            }
        }

        Assert.Empty(_wants);
        desk.Tick(2 * RelayMachine.LingerLimit.TotalSeconds);
        Assert.Empty(desk.Kept);
        Assert.Equal(0, desk.BytesInFlight);
    }

    private void Want(RelayDesk desk, int member, ImmutableArray<ChunkRef> chunks)
    {
        foreach (ChunkRef chunk in chunks.Where(chunk => !_has.Contains((member, chunk))))
        {
            _wants.Add((member, chunk));
        }

        desk.Request(member, [.. chunks.Where(chunk => !_has.Contains((member, chunk)))]);
    }

    private void Gain(RelayDesk desk, int member, ImmutableArray<ChunkRef> chunks)
    {
        foreach (ChunkRef chunk in chunks)
        {
            _has.Add((member, chunk));
        }

        desk.Gain(member, [.. chunks]);
    }

    private void Return(RelayDesk desk, int member)
    {
        _absent.Remove(member);
        desk.Apply(new RelayEvent.Joined(SwarmWords.Peer(member)));
        desk.Gain(member, [.. _has.Where(has => has.Member == member).Select(has => has.Chunk)]);
    }

    private void Deliver(RelayDesk desk, RelayEffect.Deliver delivery)
    {
        _has.Add(((int)delivery.Peer.Low, delivery.Chunk));
        _wants.Remove(((int)delivery.Peer.Low, delivery.Chunk));
        desk.Deliver(delivery);
    }
}
