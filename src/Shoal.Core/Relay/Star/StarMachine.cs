using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>
/// The star's centre under the system clock: it keeps the clock, the links' occupations and all decisions. An
/// occupation ends at its time and not before what it stands for has really happened, so that a live run, however
/// slow its machine, decides at every instant what a simulated one decides, and ends with the same makespan.
/// </summary>
/// <remarks>
/// A link carries one occupation at a time, to its end. At one instant all ends are handled before any start, in the
/// order of the peers. A transfer is a request, a forwarded request, an upload, a delivery and, unless it is free, a
/// message that it has finished.
/// </remarks>
public sealed class StarMachine
{
    /// <summary>
    /// So many requests of one peer are out at most, from the start of the request to what finishes it; therefore the
    /// hub never keeps more chunks for a peer than these.
    /// </summary>
    public const int Window = 16;

    /// <summary>A peer of which so much failed, wrong chunks or none, is refused.</summary>
    public const int MostFailures = 8;

    private readonly StarBoard _board;
    private readonly StarTraffic _traffic;
    private readonly StarStrategy _strategy;
    private readonly VirtualClock _clock = new();
    private bool _isRunning;
    private bool _isComplete;

    /// <summary>Creates a machine whose clock stands at 0.</summary>
    /// <param name="setup">The star.</param>
    public StarMachine(StarSetup setup)
    {
        _board = new StarBoard(setup);
        _strategy = StarStrategy.Of(_board);
        _traffic = new StarTraffic(_board, _strategy);
    }

    /// <summary>The system clock.</summary>
    public VirtualTime Now => _clock.Now;

    /// <summary>Takes a fact and appends what follows from it.</summary>
    /// <param name="event">The fact.</param>
    /// <param name="effects">Gets what is to be done, in order.</param>
    public void Apply(StarEvent @event, IList<StarEffect> effects)
    {
        switch (@event)
        {
            case StarEvent.Began when !_isRunning:
                _isRunning = true;
                StartAll(effects);
                break;
            case StarEvent.Arrived arrived when _board.Links[arrived.Link] is { Current: not null } link:
                link.HasArrived = true;
                break;
            case StarEvent.Failed failed when _board.Links[failed.Link] is { Current: not null } link:
                OnFailed(link, effects);
                break;
            case StarEvent.Left left when _board.Links[left.Peer] is { IsPresent: true } link:
                _traffic.Leave(link, effects);
                Replan(effects);
                break;
            case StarEvent.Returned returned when _board.Links[returned.Peer] is { IsPresent: false } link:
                Return(link, returned);
                Replan(effects);
                break;
            default:
                break;
        }

        Advance(effects);
    }

    private static void Return(StarLink link, StarEvent.Returned returned)
    {
        link.IsPresent = true;
        link.Has = returned.Has.Clone();
        link.Claimed = returned.Has.Clone();
        for (int chunk = 0; chunk < returned.Unwanted?.Count; chunk++)
        {
            if (returned.Unwanted[chunk])
            {
                link.Claimed.Set(chunk);
            }
        }
    }

    private static void OnFailed(StarLink link, IList<StarEffect> effects)
    {
        link.HasArrived = true;
        link.HasFailed = true;
        if (++link.Failures == MostFailures)
        {
            effects.Add(new StarEffect.Refuse(link.Index));
        }
    }

    private void Replan(IList<StarEffect> effects)
    {
        _isComplete = false;
        _strategy.Replan();
        _traffic.ForwardReady();
        if (_isRunning)
        {
            StartAll(effects);
        }
    }

    /// <summary>Goes from instant to instant as long as what ends there has really happened.</summary>
    private void Advance(IList<StarEffect> effects)
    {
        while (_isRunning && NextInstant() is { } instant && HaveArrived(instant))
        {
            _clock.AdvanceTo(instant);
            bool hasFailed = false;
            foreach (StarLink link in _board.Links)
            {
                if (link.Current is { } ended && ended.End == instant)
                {
                    hasFailed |= link.HasFailed;
                    effects.Add(new StarEffect.End(ended));
                    _traffic.End(link, effects);
                }
            }

            _traffic.HandOut(effects);
            if (hasFailed)
            {
                _strategy.Replan();
                _traffic.ForwardReady();
            }

            StartAll(effects);
        }
    }

    private VirtualTime? NextInstant()
    {
        VirtualTime next = VirtualTime.Never;
        foreach (StarLink link in _board.Links)
        {
            if (link.Current is { } current && current.End < next)
            {
                next = current.End;
            }
        }

        return next == VirtualTime.Never ? null : next;
    }

    private bool HaveArrived(VirtualTime instant)
    {
        foreach (StarLink link in _board.Links)
        {
            if (link.Current is { } current && current.End == instant && !link.HasArrived)
            {
                return false;
            }
        }

        return true;
    }

    private void StartAll(IList<StarEffect> effects)
    {
        if (TryStart(effects) || _isComplete)
        {
            return;
        }

        if (IsAnythingLeft())
        {
            // Nobody had it when the plan was made: what a lost peer had brought was still on its way to the first.
            _strategy.Replan();
            _traffic.ForwardReady();
            if (TryStart(effects))
            {
                return;
            }
        }

        _isComplete = true;
        effects.Add(new StarEffect.Complete(_clock.Now));
    }

    /// <summary>Whether somebody here neither has nor has asked for a chunk that another one here has.</summary>
    private bool IsAnythingLeft()
    {
        for (int chunk = 0; chunk < _board.ChunkCount; chunk++)
        {
            bool isHeld = false;
            bool isLacked = false;
            foreach (StarLink link in _board.Links)
            {
                isHeld |= link.IsPresent && link.Has[chunk];
                isLacked |= link.IsPresent && !link.Claimed[chunk];
            }

            if (isHeld && isLacked)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives every idle link what it carries next; false: there is nothing for any link.</summary>
    private bool TryStart(IList<StarEffect> effects)
    {
        _strategy.Prepare();
        bool isIdle = true;
        foreach (StarLink link in _board.Links)
        {
            if (link is { IsPresent: true, Current: null } && _traffic.Next(link, _clock.Now) is { } next)
            {
                link.Current = next;
                link.HasArrived = false;
                link.HasFailed = false;
                effects.Add(new StarEffect.Begin(next));
            }

            isIdle &= link.Current is null;
        }

        return !isIdle;
    }
}
