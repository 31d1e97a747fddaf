using Shoal.Core.Content;
using Shoal.Core.Randomness;
using Shoal.Core.Relay.Star;
using Shoal.Core.Time;

namespace Shoal.Tests.Relay;

/// <summary>
/// A shell of a <see cref="StarMachine"/> for tests, and a plain model beside it: who has what, which link carries
/// what, and how many chunks the hub keeps. What a machine may never want is asserted with every effect.
/// </summary>
internal sealed class StarDesk
{
    private readonly StarMachine _machine;
    private readonly StarSetup _setup;
    private readonly Occupation?[] _current;
    private readonly bool[] _isAnswered;
    private readonly bool[] _isFailed;
    private readonly bool[] _isPresent;
    private readonly Dictionary<int, int> _kept = [];

    public StarDesk(StarSetup setup)
    {
        int peers = setup.Costs.Links.Length;
        int[] first = setup.FirstChunks();
        _setup = setup;
        _machine = new StarMachine(setup);
        _current = new Occupation?[peers];
        _isAnswered = new bool[peers];
        _isFailed = new bool[peers];
        _isPresent = [.. Enumerable.Repeat(true, peers)];
        Has =
        [
            .. Enumerable.Range(0, peers).Select(peer =>
                peer < setup.Holdings.Length ? setup.Holdings[peer].Clone() : new Bitfield(first[^1])),
        ];
        Owned = [.. Has.Select(_ => new Bitfield(first[^1]))];
        for (int chunk = 0; chunk < first[^1]; chunk++)
        {
            int owner = setup.Files[StarSetup.FileOf(chunk, first)].Owner;
            Has[owner].Set(chunk);
            Owned[owner].Set(chunk);
        }
    }

    public string Name { get; init; } = "";

    public Bitfield[] Has { get; }

    public Bitfield[] Owned { get; }

    public List<Occupation> Begun { get; } = [];

    public List<int> Refused { get; } = [];

    public VirtualTime? Makespan { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The links that carry something that has not been answered.</summary>
    public int[] Outstanding =>
        [.. Enumerable.Range(0, _current.Length).Where(link => _current[link] is not null && !_isAnswered[link])];

    public Occupation CurrentOf(int link) => _current[link]!;

    public void Apply(StarEvent @event)
    {
        var effects = new List<StarEffect>();
        Makespan = null;
        _machine.Apply(@event, effects);
        foreach (StarEffect effect in effects)
        {
            Take(effect);
        }
    }

    public void RunToTheEnd(DeterministicRandom random)
    {
        if (Begun.Count == 0)
        {
            Apply(new StarEvent.Began());
        }

        while (Outstanding is { Length: > 0 } links)
        {
            Answer(links[random.Next(links.Length)], fails: false);
        }

        Assert.True(_kept.Values.Sum() == 0, $"{Name}: chunks are kept at the end");
    }

    public void Answer(int link, bool fails)
    {
        Failures += fails ? 1 : 0;
        _isAnswered[link] = true;
        _isFailed[link] = fails;
        if (!fails && _current[link] is { Kind: OccupationKind.Upload } upload)
        {
            _kept[upload.Chunk] = _kept.GetValueOrDefault(upload.Chunk) + 1;
            Assert.True(_kept.Values.Sum() <= StarMachine.Window * _current.Length, $"{Name}: too many are kept");
        }

        Apply(fails ? new StarEvent.Failed(link) : new StarEvent.Arrived(link));
    }

    public void Leave(int peer)
    {
        _isPresent[peer] = false;
        _current[peer] = null;
        Apply(new StarEvent.Left(peer));
    }

    public void Return(int peer)
    {
        // What it owns it has for good; what failed was only on the way.
        for (int chunk = 0; chunk < Owned[peer].Count; chunk++)
        {
            if (Owned[peer][chunk])
            {
                Has[peer].Set(chunk);
            }
        }

        _isPresent[peer] = true;
        Apply(new StarEvent.Returned(peer, Has[peer]));
    }

    public void ReturnAll()
    {
        for (int peer = 0; peer < _isPresent.Length; peer++)
        {
            if (_isPresent[peer])
            {
                Leave(peer);
            }

            Return(peer);
        }
    }

    public void Disturb(DeterministicRandom random)
    {
        int peer = random.Next(_current.Length);
        switch (random.Next(40))
        {
            case 0 when _isPresent[peer]:
                Leave(peer);
                break;
            case 1 or 2 or 3 when !_isPresent[peer]:
                Return(peer);
                break;
            case 4 when Outstanding is { Length: > 0 } links:
                Answer(links[random.Next(links.Length)], fails: true);
                break;
            default:
                if (Outstanding is { Length: > 0 } all)
                {
                    Answer(all[random.Next(all.Length)], fails: false);
                }

                break;
        }
    }

    public void CheckThatAllHaveAll() => Assert.All(Has, has => Assert.True(has.IsComplete, $"{Name}: somebody lacks"));

    public void CheckThatAllHereHaveTheSame()
    {
        Bitfield[] here = [.. Has.Where((_, peer) => _isPresent[peer])];
        for (int chunk = 0; chunk < Has[0].Count; chunk++)
        {
            int holders = here.Count(has => has[chunk]);
            Assert.True(holders == 0 || holders == here.Length, $"{Name}: {holders} have chunk {chunk}");
        }
    }

    private void Take(StarEffect effect)
    {
        switch (effect)
        {
            case StarEffect.Begin begin:
                OnBegin(begin.Occupation);
                break;
            case StarEffect.End end:
                OnEnd(end.Occupation);
                break;
            case StarEffect.Release release:
                Assert.True(--_kept[release.Chunk] >= 0, $"{Name}: chunk {release.Chunk} is not here");
                break;
            case StarEffect.Refuse refuse:
                Refused.Add(refuse.Peer);
                break;
            case StarEffect.Complete complete:
                Makespan = complete.Makespan;
                break;
            default:
                break;
        }
    }

    private void OnBegin(Occupation begun)
    {
        Begun.Add(begun);
        Assert.True(_isPresent[begun.Link] && _current[begun.Link] is null, $"{Name}: {begun} on a link at work");
        Assert.True(begun.Kind is OccupationKind.Forward or OccupationKind.Upload
            ? begun.Link == begun.Holder && Has[begun.Link][begun.Chunk]
            : begun.Link == begun.Requester && !Has[begun.Link][begun.Chunk], $"{Name}: {begun} cannot be done");
        Assert.True(begun.Kind != OccupationKind.Deliver || _kept[begun.Chunk] > 0, $"{Name}: {begun} is not here");
        _current[begun.Link] = begun;
        _isAnswered[begun.Link] = false;
        _isFailed[begun.Link] = false;
    }

    private void OnEnd(Occupation ended)
    {
        Assert.True(_current[ended.Link] == ended && _isAnswered[ended.Link], $"{Name}: {ended} has not happened");
        _current[ended.Link] = null;
        OccupationKind last = _setup.Finished == FinishedCost.Free ? OccupationKind.Deliver : OccupationKind.Finished;
        if (_isFailed[ended.Link] && ended.Kind is OccupationKind.Forward or OccupationKind.Upload)
        {
            Has[ended.Link].Clear(ended.Chunk);
        }
        else if (!_isFailed[ended.Link] && ended.Kind == last)
        {
            Has[ended.Link].Set(ended.Chunk);
        }
    }
}
