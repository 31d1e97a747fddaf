using Shoal.Core.Randomness;

namespace Shoal.Core.Lottery;

/// <summary>
/// Brings an agency's bets to the hub: keeps some batches in flight, closes when all are acked, asks for the winners,
/// and starts over where it must when the connection is lost.
/// </summary>
/// <remarks>
/// Nothing that was sent is kept: what has to be sent again is read again. A protocol that tells what is stored lets it
/// go on behind that. One that does not recognises a replay that begins at the first batch, so it begins there: from
/// anywhere else, two equal batches of one agency could be taken for each other.
/// </remarks>
/// <param name="policy">How it goes about its work.</param>
/// <param name="random">Spreads the waits, so that many agencies do not come back at once.</param>
public sealed class AgencyMachine(AgencyPolicy policy, DeterministicRandom random)
{
    private readonly Dictionary<long, int> _inFlight = [];
    private long _sent;
    private long _sentBets;
    private bool _isRead;
    private bool _isCloseNoted;
    private int _failures;
    private int _looks;

    /// <summary>Where it is.</summary>
    public AgencyStep Step { get; private set; }

    /// <summary>Batches that the hub is known to have, as this connection has told so far.</summary>
    public long StoredBatches { get; private set; }

    /// <summary>Bets that the hub is known to have, as this connection has told so far.</summary>
    public long StoredBets { get; private set; }

    /// <summary>The most batches that any connection has told of: only beyond it something is new.</summary>
    public long MostStoredBatches { get; private set; }

    /// <summary>Batches on their way.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Takes an event.</summary>
    /// <param name="event">What happened.</param>
    /// <param name="effects">What is to be done is added here.</param>
    public void Apply(AgencyEvent @event, IList<AgencyEffect> effects)
    {
        switch (@event, Step)
        {
            case (_, AgencyStep.Ended):
                break;
            case (AgencyEvent.Begun or AgencyEvent.Woken, AgencyStep.Pausing):
                Step = AgencyStep.Connecting;
                effects.Add(new AgencyEffect.Connect());
                break;
            case (AgencyEvent.Woken, AgencyStep.Asking):
                effects.Add(new AgencyEffect.AskWinners());
                break;
            case (AgencyEvent.Connected connected, AgencyStep.Connecting):
                Begin(connected.Stored, effects);
                break;
            case (AgencyEvent.BatchRead read, AgencyStep.Sending):
                Send(read.Bets, effects);
                break;
            case (AgencyEvent.SourceEnded, AgencyStep.Sending):
                _isRead = true;
                GoOn(effects);
                break;
            case (AgencyEvent.BatchStored stored, AgencyStep.Sending):
                Note(stored.Number, effects);
                break;
            case (AgencyEvent.CloseNoted, AgencyStep.Closing):
                _isCloseNoted = true;
                _failures = 0;
                Ask(effects);
                break;
            case (AgencyEvent.NotYet, AgencyStep.Asking):
                _failures = 0;
                effects.Add(new AgencyEffect.Wait(
                    Due(policy.FirstLook, policy.LookGrowth, policy.LongestLook, _looks++)));
                break;
            case (AgencyEvent.WinnersTold told, AgencyStep.Asking):
                End(new AgencyEffect.Finish(told.Documents), effects);
                break;
            case (AgencyEvent.Refused refused, _):
                End(new AgencyEffect.GiveUp(refused.Reason), effects);
                break;
            case (AgencyEvent.Lost lost, not AgencyStep.Pausing):
                Pause(lost.Reason, effects);
                break;
        }
    }

    private void Begin(BroughtCounts? stored, IList<AgencyEffect> effects)
    {
        Step = AgencyStep.Sending;
        if (_isRead && StoredBatches == _sent)
        {
            // All is stored, and what a hub has stored it keeps: there is nothing to send again.
            GoOn(effects);
            return;
        }

        StoredBatches = _sent = stored?.Batches ?? 0;
        StoredBets = _sentBets = stored?.Bets ?? 0;
        MostStoredBatches = Math.Max(MostStoredBatches, StoredBatches);
        _isRead = false;
        effects.Add(new AgencyEffect.Rewind(StoredBets));
        effects.Add(new AgencyEffect.ReadBatch());
    }

    private void Send(int bets, IList<AgencyEffect> effects)
    {
        _sent++;
        _sentBets += bets;
        _inFlight.Add(_sent, bets);
        effects.Add(new AgencyEffect.SendBatch(_sent));
        if (_inFlight.Count < policy.Window)
        {
            effects.Add(new AgencyEffect.ReadBatch());
        }
    }

    private void Note(long number, IList<AgencyEffect> effects)
    {
        bool wasFull = _inFlight.Count >= policy.Window;
        if (!_inFlight.Remove(number, out int bets))
        {
            return;
        }

        StoredBatches++;
        StoredBets += bets;
        if (StoredBatches > MostStoredBatches)
        {
            MostStoredBatches = StoredBatches;
            _failures = 0;
        }

        if (_isRead)
        {
            GoOn(effects);
        }
        else if (wasFull)
        {
            effects.Add(new AgencyEffect.ReadBatch());
        }
    }

    // Everything is read. What comes next, once everything is acked?
    private void GoOn(IList<AgencyEffect> effects)
    {
        if (_inFlight.Count > 0)
        {
            return;
        }

        if (_isCloseNoted)
        {
            Ask(effects);
            return;
        }

        Step = AgencyStep.Closing;
        effects.Add(new AgencyEffect.SendClose(new BroughtCounts(_sent, _sentBets)));
    }

    private void Ask(IList<AgencyEffect> effects)
    {
        Step = AgencyStep.Asking;
        effects.Add(new AgencyEffect.AskWinners());
    }

    private void Pause(string reason, IList<AgencyEffect> effects)
    {
        _inFlight.Clear();
        if (++_failures > policy.MostFailures)
        {
            End(new AgencyEffect.GiveUp($"{reason}; {policy.MostFailures} further attempts failed too"), effects);
            return;
        }

        Step = AgencyStep.Pausing;
        TimeSpan pause = Due(policy.FirstPause, 2, policy.LongestPause, _failures - 1);
        effects.Add(new AgencyEffect.Disconnect());
        effects.Add(new AgencyEffect.TellPause(reason, pause));
        effects.Add(new AgencyEffect.Wait(pause));
    }

    private void End(AgencyEffect last, IList<AgencyEffect> effects)
    {
        Step = AgencyStep.Ended;
        effects.Add(new AgencyEffect.Disconnect());
        effects.Add(last);
    }

    // Growing up to a limit, and of that between half and all.
    private TimeSpan Due(TimeSpan first, double growth, TimeSpan longest, int before)
    {
        double due = Math.Min(first.TotalSeconds * Math.Pow(growth, before), longest.TotalSeconds);
        return TimeSpan.FromSeconds(due * (0.5 + (random.NextDouble() / 2)));
    }
}
