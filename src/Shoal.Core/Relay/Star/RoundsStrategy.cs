using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// Lock step: in round r each peer i asks peer (i + r) mod P for the lowest chunk of that peer's files which it lacks;
/// a round starts when the one before has wholly ended at all peers. Of P rounds one would be for oneself: it is
/// left out.
/// </summary>
internal sealed class RoundsStrategy : StarStrategy
{
    private readonly int[] _wanted;
    private int[,] _next;
    private int _round;

    public RoundsStrategy(StarBoard board)
        : base(board)
    {
        _wanted = [.. board.Links.Select(_ => -1)];
        _next = FromTheFirst();
    }

    public override void Prepare()
    {
        if (_wanted.Any(chunk => chunk >= 0) || Board.Links.Any(link => link.Wishes.Count > 0))
        {
            return;
        }

        int peers = Board.Links.Length;
        for (int tries = 1; tries < peers && !_wanted.Any(chunk => chunk >= 0); tries++)
        {
            _round = (_round % (peers - 1)) + 1;
            for (int i = 0; i < peers; i++)
            {
                _wanted[i] = Board.Links[i].IsPresent ? LowestLacking(Board.Links[i], (i + _round) % peers) : -1;
            }
        }
    }

    public override bool TryChoose(StarLink requester, VirtualTime now, out StarWish wish)
    {
        int chunk = _wanted[requester.Index];
        _wanted[requester.Index] = -1;
        StarLink owner = Board.Links[(requester.Index + _round) % Board.Links.Length];
        wish = chunk < 0 ? default : new StarWish(chunk, owner, now);
        return chunk >= 0;
    }

    public override void Replan()
    {
        Array.Fill(_wanted, -1);
        _next = FromTheFirst();
    }

    private int LowestLacking(StarLink requester, int owner)
    {
        for (int file = 0; file < Board.Setup.Files.Length; file++)
        {
            if (Board.Setup.Files[file].Owner != owner)
            {
                continue;
            }

            ref int next = ref _next[requester.Index, file];
            for (; next < Board.FirstChunks[file + 1]; next++)
            {
                if (!requester.Claimed[next] && Board.Links[owner] is { IsPresent: true } link && link.Has[next])
                {
                    return next;
                }
            }
        }

        return -1;
    }

    private int[,] FromTheFirst()
    {
        var next = new int[Board.Links.Length, Board.Setup.Files.Length];
        for (int peer = 0; peer < Board.Links.Length; peer++)
        {
            for (int file = 0; file < Board.Setup.Files.Length; file++)
            {
                next[peer, file] = Board.FirstChunks[file];
            }
        }

        return next;
    }
}
