using Shoal.Core.Lottery;
using Shoal.Core.Randomness;

namespace Shoal.Tests.Lottery;

/// <summary>
/// An agency's machine between a file and a hub that are lists: everything that it wants is done, in any order that the
/// outside world allows, and cut off at any moment.
/// </summary>
internal sealed class AgencyDesk(IReadOnlyList<BatchOffer> file, PlainLottery hub, bool tells, ulong randomSeed)
{
    private const int Agency = 1;

    private readonly DeterministicRandom _random = new(randomSeed);
    private readonly AgencyMachine _machine = new(new AgencyPolicy { Window = 4 }, new DeterministicRandom(randomSeed));
    private readonly Queue<AgencyEffect> _sent = new();
    private readonly Queue<AgencyEvent> _answers = new();
    private readonly Queue<(long Number, BatchOffer Batch)> _batches = new();
    private readonly List<Talk> _late = [];
    private Talk _talk = new(new BatchIdentity.First(), new Queue<(long Number, BatchOffer Batch)>());
    private int _read;
    private bool _isAwake;

    public IReadOnlyList<string>? Winners { get; private set; }

    public string? GaveUp { get; private set; }

    public int MostInFlight { get; private set; }

    public TimeSpan LongestWait { get; private set; }

    public void Begin() => Apply(new AgencyEvent.Begun());

    /// <summary>Lets one thing happen; false: nothing can.</summary>
    public bool Step(int cutOneIn)
    {
        if (_machine.Step == AgencyStep.Ended)
        {
            return false;
        }

        if (_late.Find(talk => talk.Batches.Count > 0) is { } late && _random.Next(3) == 0)
        {
            Offer(late);
        }
        else if (cutOneIn > 0 && _machine.Step is not AgencyStep.Pausing && _random.Next(cutOneIn) == 0)
        {
            Cut();
        }
        else if (_isAwake)
        {
            _isAwake = false;
            Apply(new AgencyEvent.Woken());
        }
        else if (_machine.Step == AgencyStep.Connecting)
        {
            Connect();
        }
        else if (_answers.Count > 0 && (_sent.Count == 0 || _random.Next(2) == 0))
        {
            Apply(_answers.Dequeue());
        }
        else if (_sent.Count > 0)
        {
            _answers.Enqueue(AnswerTo(_sent.Dequeue()));
        }
        else
        {
            return false;
        }

        return true;
    }

    // Of what is on its way the hub still gets a part, whose acks nobody sees, and some of it only later.
    public void Cut()
    {
        for (int arrived = _random.Next(_sent.Count + 1); arrived > 0; arrived--)
        {
            AnswerTo(_sent.Dequeue());
        }

        _late.Add(new Talk(_talk.Identity, _batches.Take(_random.Next(_batches.Count + 1)).ToArray()));
        _sent.Clear();
        _answers.Clear();
        Apply(new AgencyEvent.Lost("cut"));
    }

    private void Connect()
    {
        _talk = new Talk(new BatchIdentity.First(), _batches);
        Apply(new AgencyEvent.Connected(tells ? hub.CountsOf(Agency) : null));
    }

    private AgencyEvent AnswerTo(AgencyEffect sent)
    {
        switch (sent)
        {
            case AgencyEffect.SendClose close:
                Assert.Equal(hub.CountsOf(Agency), close.Counts);
                return hub.Close(Agency) == "refused" ? new AgencyEvent.Refused("close") : new AgencyEvent.CloseNoted();
            case AgencyEffect.AskWinners:
                string winners = hub.Winners(Agency);
                return winners == "wait" ? new AgencyEvent.NotYet() : new AgencyEvent.WinnersTold(
                    [.. winners.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            default:
                return Offer(_talk);
        }
    }

    private AgencyEvent Offer(Talk talk)
    {
        var (number, batch) = talk.Batches.Dequeue();
        BatchIdentity identity = tells ? new BatchIdentity.Numbered(number) : talk.Identity;
        string[] words = hub.Offer(batch with { Identity = identity }).Split(' ');
        if (words[0] == "refused")
        {
            return identity is BatchIdentity.New ? new AgencyEvent.Lost("overtaken") : new AgencyEvent.Refused("batch");
        }

        long stored = long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture);
        talk.Identity = words[0] == "repeated" ? new BatchIdentity.InReplay(stored + 1) : new BatchIdentity.New(stored);
        return new AgencyEvent.BatchStored(number);
    }

    private void Apply(AgencyEvent @event)
    {
        var effects = new List<AgencyEffect>();
        _machine.Apply(@event, effects);
        for (int i = 0; i < effects.Count; i++)
        {
            Do(effects[i], effects);
        }

        MostInFlight = Math.Max(MostInFlight, _machine.InFlight);
    }

    private void Do(AgencyEffect effect, List<AgencyEffect> effects)
    {
        switch (effect)
        {
            case AgencyEffect.Rewind rewind:
                _read = 0;
                for (long left = rewind.Bets; left > 0; left -= file[_read++].Rows.Bets)
                {
                    Assert.True(left >= file[_read].Rows.Bets);
                }

                break;
            case AgencyEffect.ReadBatch:
                _machine.Apply(
                    _read < file.Count
                        ? new AgencyEvent.BatchRead(file[_read++].Rows.Bets)
                        : new AgencyEvent.SourceEnded(),
                    effects);
                break;
            case AgencyEffect.SendBatch send:
                _batches.Enqueue((send.Number, file[_read - 1]));
                _sent.Enqueue(send);
                break;
            case AgencyEffect.SendClose or AgencyEffect.AskWinners:
                _sent.Enqueue(effect);
                break;
            case AgencyEffect.Disconnect:
                _batches.Clear();
                break;
            case AgencyEffect.Wait wait:
                LongestWait = wait.Time > LongestWait ? wait.Time : LongestWait;
                _isAwake = true;
                break;
            case AgencyEffect.Finish finish:
                Winners = [.. finish.Documents];
                break;
            case AgencyEffect.GiveUp giveUp:
                GaveUp = giveUp.Reason;
                break;
        }
    }

    // A conversation, with what is on its way in it; the hub may hear the rest of a dead one.
    private sealed class Talk(BatchIdentity identity, Queue<(long Number, BatchOffer Batch)> batches)
    {
        public Talk(BatchIdentity identity, IEnumerable<(long Number, BatchOffer Batch)> batches)
            : this(identity, new Queue<(long Number, BatchOffer Batch)>(batches))
        {
        }

        public BatchIdentity Identity { get; set; } = identity;

        public Queue<(long Number, BatchOffer Batch)> Batches { get; } = batches;
    }
}
