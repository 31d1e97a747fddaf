using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Simulation.Exchange;

/// <summary>
/// The checker's own books: which peer has which chunk, kept from deliveries alone and from nothing that a machine
/// says. What machines do and say is held against it.
/// </summary>
internal sealed class ChunkLedger(SimulatedContents contents, int peers)
{
    private readonly ulong[][] _held =
        [.. Enumerable.Range(0, peers).Select(_ => new ulong[(contents.ChunkCount + 63) / 64])];

    private readonly int[] _counts = new int[peers];

    /// <summary>Chunks that peers hold, summed over all peers.</summary>
    public long Entries { get; private set; }

    public bool Holds(int peer, int chunk) => (_held[peer][chunk >> 6] & (1UL << (chunk & 63))) != 0;

    public bool AreAllComplete => Entries == (long)contents.ChunkCount * _counts.Length;

    public bool IsComplete(int peer) => _counts[peer] == contents.ChunkCount;

    /// <summary>Enters a chunk; false if it was there already.</summary>
    public bool Add(int peer, int chunk)
    {
        if (Holds(peer, chunk))
        {
            return false;
        }

        _held[peer][chunk >> 6] |= 1UL << (chunk & 63);
        _counts[peer]++;
        Entries++;
        return true;
    }

    /// <summary>What a peer has of a content, as its folder would tell after a restart.</summary>
    public Holding HoldingOf(int peer, Manifest manifest)
    {
        var bits = new Bitfield(manifest.ChunkCount);
        int first = contents.FirstChunkOf(manifest.Id);
        for (int i = 0; i < manifest.ChunkCount; i++)
        {
            if (Holds(peer, first + i))
            {
                bits.Set(i);
            }
        }

        return new Holding(manifest.Id, bits);
    }

    /// <summary>Nobody sends, announces or asks for a chunk that is not there.</summary>
    public void CheckMessage(VirtualTime now, int from, int to, PeerMessage message)
    {
        switch (message)
        {
            case PeerMessage.Request request:
                foreach (ChunkRef chunk in request.Chunks)
                {
                    Demand(now, to, chunk, $"peer {from + 1} asks peer {to + 1} for a chunk that it does not have");
                }

                break;
            case PeerMessage.Have have:
                foreach (ChunkRef chunk in have.Chunks)
                {
                    Demand(now, from, chunk, $"peer {from + 1} announces a chunk that it does not have");
                }

                break;
            case PeerMessage.Hold hold:
                foreach (Holding holding in hold.Holdings)
                {
                    CheckHolding(now, from, holding);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The chunk's number, if the peer may send it.</summary>
    public int CheckUpload(VirtualTime now, int from, ChunkRef chunk) =>
        Demand(now, from, chunk, $"peer {from + 1} sends a chunk that it does not have");

    private void CheckHolding(VirtualTime now, int from, Holding holding)
    {
        for (int i = 0; i < holding.Chunks.Count; i++)
        {
            if (holding.Chunks[i])
            {
                var chunk = new ChunkRef(holding.Content, new ChunkIndex(i));
                Demand(now, from, chunk, $"peer {from + 1} says that it holds a chunk that it does not have");
            }
        }
    }

    private int Demand(VirtualTime now, int holder, ChunkRef chunk, string rule)
    {
        int number = contents.NumberOf(chunk);
        return number >= 0 && Holds(holder, number)
            ? number
            : throw new BrokenRuleException(now, $"{rule}: {chunk}.");
    }
}
