using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Simulation.Relay;

/// <summary>
/// Judges a run of a star by its trace alone, against every rule of the model; it shares no code with the machine and
/// its strategies. Occupations come in the order in which they start.
/// </summary>
/// <remarks>
/// Not judged: whether the hub held a request back for a peer whose window was full, and in which order the ends of
/// one instant were handled, which no trace shows.
/// </remarks>
public sealed class StarChecker
{
    private const int MostOut = 16;

    private readonly StarShape _shape;
    private readonly int _peers;
    private readonly int _chunks;
    private readonly int[] _owners;
    private readonly VirtualTime[] _free;
    private readonly int[] _out;
    private readonly Dictionary<(int Peer, int Chunk), VirtualTime> _requests = [];
    private readonly Dictionary<(int Holder, int Chunk, int Requester), VirtualTime> _forwards = [];
    private readonly Dictionary<int, List<UploadSeen>> _uploads = [];
    private readonly HashSet<(int Peer, int Chunk)> _delivered = [];
    private readonly bool[][] _has;
    private VirtualTime _now;
    private VirtualTime _last;

    /// <summary>Creates a checker of a run that has not begun.</summary>
    /// <param name="shape">The star.</param>
    public StarChecker(StarShape shape)
    {
        _shape = shape;
        _peers = shape.Chunks.Length;
        _chunks = checked((int)shape.TotalChunks);
        _owners = [.. shape.Chunks.SelectMany((count, peer) => Enumerable.Repeat(peer, count))];
        _free = new VirtualTime[_peers];
        _out = new int[_peers];
        _has = [.. Enumerable.Range(0, _peers).Select(peer => Array.ConvertAll(_owners, owner => owner == peer))];
    }

    /// <summary>Judges one occupation of a link.</summary>
    /// <exception cref="BrokenRuleException">It breaks a rule.</exception>
    public void Take(Occupation seen)
    {
        Require(seen.Link >= 0 && seen.Link < _peers && seen.Chunk >= 0 && seen.Chunk < _chunks
            && seen.Requester >= 0 && seen.Requester < _peers, seen, "names a peer or chunk that does not exist");
        Require(seen.Start >= _now, seen, "starts before another that came earlier");
        Require(seen.Start >= _free[seen.Link], seen, "starts while the link carries something else");
        Require(seen.End == seen.Start + CostOf(seen), seen, "does not take as long as it costs");
        _now = seen.Start;
        _free[seen.Link] = seen.End;
        _last = seen.End > _last ? seen.End : _last;
        switch (seen.Kind)
        {
            case OccupationKind.Request:
                OnRequest(seen);
                break;
            case OccupationKind.Forward:
                OnForward(seen);
                break;
            case OccupationKind.Upload:
                OnUpload(seen);
                break;
            case OccupationKind.Deliver:
                OnDeliver(seen);
                break;
            default:
                OnFinished(seen);
                break;
        }
    }

    /// <summary>Judges the end of a run.</summary>
    /// <param name="makespan">The makespan that it claims.</param>
    /// <exception cref="BrokenRuleException">It is not over, or the makespan is another.</exception>
    public void CheckEnd(VirtualTime makespan)
    {
        for (int peer = 0; peer < _peers; peer++)
        {
            int lacking = _has[peer].Count(has => !has);
            Require(lacking == 0, $"peer {peer + 1} still lacks {lacking} chunks at the end");
            Require(_out[peer] == 0, $"peer {peer + 1} has unfinished requests at the end");
        }

        Require(_uploads.Values.All(uploads => uploads.All(upload => upload.Deliveries > 0)),
            "a chunk was uploaded for nobody");
        Require(makespan == _last, $"the makespan is said to be {makespan} and was {_last}");
    }

    private VirtualTime CostOf(Occupation seen) => seen.Kind is OccupationKind.Upload or OccupationKind.Deliver
        ? _shape.Costs.Links[seen.Link].Chunk
        : _shape.Costs.Links[seen.Link].Message;

    private void OnRequest(Occupation seen)
    {
        Require(seen.Link == seen.Requester, seen, "is not on the requester's link");
        Require(!_has[seen.Link][seen.Chunk], seen, "asks for what the peer has");
        Require(_requests.TryAdd((seen.Link, seen.Chunk), seen.End), seen, "asks a second time");
        Require(++_out[seen.Link] <= MostOut, seen, "is one more than may be out");
    }

    private void OnForward(Occupation seen)
    {
        Require(seen.Link == seen.Holder, seen, "is not on the holder's link");
        Require(_has[seen.Link][seen.Chunk], seen, "asks a peer that cannot serve the chunk");
        Require(RequestOf(seen) <= seen.Start, seen, "forwards a request that has not arrived");
        Require(!_delivered.Contains((seen.Requester, seen.Chunk)), seen, "is for a peer that has the chunk");
        Require(_forwards.TryAdd((seen.Link, seen.Chunk, seen.Requester), seen.End), seen, "is a second one");
    }

    private void OnUpload(Occupation seen)
    {
        Require(seen.Link == seen.Holder, seen, "is not on the holder's link");
        Require(_forwards.Remove((seen.Link, seen.Chunk, seen.Requester), out VirtualTime asked)
            && asked <= seen.Start, seen, "was not asked for");
        if (!_uploads.TryGetValue(seen.Chunk, out List<UploadSeen>? uploads))
        {
            uploads = [];
            _uploads.Add(seen.Chunk, uploads);
        }

        uploads.Add(new UploadSeen(seen.Holder, seen.Requester, seen.End));
    }

    private void OnDeliver(Occupation seen)
    {
        Require(seen.Link == seen.Requester, seen, "is not on the requester's link");
        VirtualTime asked = RequestOf(seen);
        Require(asked <= seen.Start, seen, "delivers what has not been asked for");
        Require(_delivered.Add((seen.Link, seen.Chunk)), seen, "delivers a second time");
        UploadSeen? upload = UploadFor(seen, asked);
        Require(upload is not null && upload.End <= seen.Start, seen, "delivers what has not been uploaded for it");
        Require(upload!.Holder == seen.Holder, seen, "names another holder than the one that uploaded it");
        upload.Deliveries++;
        Require(_shape.Mode == StarMode.FanOut || upload.Deliveries == 1, seen, "is the second from one upload");
        if (_shape.Finished == FinishedCost.Free)
        {
            Finish(seen);
        }
    }

    /// <summary>In strict mode the peer's own one, in fan-out the first that ended when it had asked.</summary>
    private UploadSeen? UploadFor(Occupation seen, VirtualTime asked)
    {
        UploadSeen? first = null;
        foreach (UploadSeen upload in _uploads.GetValueOrDefault(seen.Chunk, []))
        {
            bool isFor = _shape.Mode == StarMode.Strict ? upload.Requester == seen.Requester : upload.End >= asked;
            if (isFor && (first is null || upload.End < first.End))
            {
                first = upload;
            }
        }

        return first;
    }

    private void OnFinished(Occupation seen)
    {
        Require(_shape.Finished == FinishedCost.Charged, seen, "occupies a link although it is free");
        Require(seen.Link == seen.Requester, seen, "is not on the requester's link");
        Require(_delivered.Contains((seen.Link, seen.Chunk)) && !_has[seen.Link][seen.Chunk], seen,
            "finishes what was not delivered");
        Finish(seen);
    }

    // All that a peer does on what it has follows on its own link, so what ends there counts for all later starts.
    private void Finish(Occupation seen)
    {
        _has[seen.Link][seen.Chunk] = true;
        _out[seen.Link]--;
    }

    private VirtualTime RequestOf(Occupation seen) =>
        _requests.GetValueOrDefault((seen.Requester, seen.Chunk), VirtualTime.Never);

    private static void Require(bool holds, Occupation seen, string what)
    {
        if (!holds)
        {
            throw new BrokenRuleException(seen.Start,
                $"{seen.Kind} of chunk {seen.Chunk} on link {seen.Link + 1}, for peer {seen.Requester + 1}, {what}.");
        }
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new BrokenRuleException(_last, what + ".");
        }
    }

    private sealed class UploadSeen(int holder, int requester, VirtualTime end)
    {
        public int Holder { get; } = holder;

        public int Requester { get; } = requester;

        public VirtualTime End { get; } = end;

        public int Deliveries { get; set; }
    }
}
