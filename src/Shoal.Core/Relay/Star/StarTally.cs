using System.Collections.Immutable;
using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>One peer's part in a run of a star.</summary>
/// <param name="Busy">How long its link carried something.</param>
/// <param name="ChunksServed">How many chunks it uploaded.</param>
/// <param name="ChunksReceived">How many were delivered to it.</param>
/// <param name="MeanChunk">From the start of a request to what finishes it, on average; zero if there was none.</param>
/// <param name="Files">When it had the whole of each file, in the order of the setup; zero for what it had.</param>
public sealed record StarPeerTally(
    VirtualTime Busy, long ChunksServed, long ChunksReceived, VirtualTime MeanChunk,
    ImmutableArray<VirtualTime> Files);

/// <summary>Counts what the ended occupations of a star add up to.</summary>
public sealed class StarTally
{
    private readonly StarSetup _setup;
    private readonly int[] _firstChunks;
    private readonly long[] _busy;
    private readonly long[] _served;
    private readonly long[] _received;
    private readonly long[] _spent;
    private readonly VirtualTime[][] _files;
    private readonly Dictionary<(int Peer, int Chunk), VirtualTime> _since = [];

    /// <summary>Creates an empty tally.</summary>
    /// <param name="setup">The star.</param>
    public StarTally(StarSetup setup)
    {
        int peers = setup.Costs.Links.Length;
        _setup = setup;
        _firstChunks = setup.FirstChunks();
        _busy = new long[peers];
        _served = new long[peers];
        _received = new long[peers];
        _spent = new long[peers];
        _files = [.. Enumerable.Range(0, peers).Select(_ => new VirtualTime[setup.Files.Length])];
    }

    /// <summary>The mean time per chunk of all peers.</summary>
    public VirtualTime MeanChunk => Mean(_spent.Sum(), _received.Sum());

    /// <summary>Every peer's part.</summary>
    public ImmutableArray<StarPeerTally> Peers =>
    [
        .. Enumerable.Range(0, _busy.Length).Select(peer => new StarPeerTally(
            new VirtualTime(_busy[peer]), _served[peer], _received[peer], Mean(_spent[peer], _received[peer]),
            [.. _files[peer]])),
    ];

    /// <summary>Counts an occupation that has ended.</summary>
    /// <param name="ended">The occupation.</param>
    public void Take(Occupation ended)
    {
        _busy[ended.Link] += (ended.End - ended.Start).Nanoseconds;
        OccupationKind last = _setup.Finished == FinishedCost.Free ? OccupationKind.Deliver : OccupationKind.Finished;
        if (ended.Kind == OccupationKind.Request)
        {
            _since[(ended.Link, ended.Chunk)] = ended.Start;
        }
        else if (ended.Kind == OccupationKind.Upload)
        {
            _served[ended.Link]++;
        }
        else if (ended.Kind == last && _since.Remove((ended.Link, ended.Chunk), out VirtualTime since))
        {
            _received[ended.Link]++;
            _spent[ended.Link] += (ended.End - since).Nanoseconds;
            _files[ended.Link][StarSetup.FileOf(ended.Chunk, _firstChunks)] = ended.End;
        }
    }

    private static VirtualTime Mean(long spent, long count) => new(count == 0 ? 0 : spent / count);
}
