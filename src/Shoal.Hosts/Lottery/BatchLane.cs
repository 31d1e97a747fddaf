using System.Collections.Immutable;
using Shoal.Core.Lottery;
using Shoal.Storage.Lottery;

namespace Shoal.Hosts.Lottery;

/// <summary>The numbered batches of one agency in one draw that are not decided yet.</summary>
internal sealed class BatchLane(DrawName draw, ILotteryStore store, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private TaskCompletionSource _came = NewSignal();
    private long _expected;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>Adds a batch. Its decision is null when too many wait already.</summary>
    public Task<BatchDecision?> Add(BatchOffer offer)
    {
        lock (_gate)
        {
            if (_waiting.Count >= BatchLanes.MostWaiting)
            {
                return Task.FromResult<BatchDecision?>(null);
            }

            var waiting = new Waiting(offer, time.GetTimestamp());
            _waiting.Add(waiting);
            _came.TrySetResult();
            return waiting.Decided.Task;
        }
    }

    /// <summary>Works until it may end.</summary>
    /// <param name="tryEnd">Ends the lane if it is empty.</param>
    public async Task RunAsync(Func<bool> tryEnd)
    {
        while (true)
        {
            Task came;
            List<Waiting> run;
            lock (_gate)
            {
                _came = _came.Task.IsCompleted ? NewSignal() : _came;
                came = _came.Task;
                run = TakeRun();
            }

            if (run.Count > 0)
            {
                await OfferAsync(run);
            }
            else if (tryEnd())
            {
                return;
            }
            else
            {
                await Task.WhenAny(came, Task.Delay(BatchLanes.Patience / 4, time, CancellationToken.None));
            }
        }
    }

    // What is next, and what follows it without a gap. A number that is known to be too early stays, for a while.
    private List<Waiting> TakeRun()
    {
        _waiting.Sort((one, other) => one.Number.CompareTo(other.Number));
        var run = new List<Waiting>();
        foreach (Waiting one in _waiting)
        {
            bool follows = run.Count == 0
                ? _expected == 0 || one.Number <= _expected || time.GetElapsedTime(one.Since) >= BatchLanes.Patience
                : one.Number <= run[^1].Number + 1;
            if (!follows || run.Count == AgencyConnection.MostTogether)
            {
                break;
            }

            run.Add(one);
        }

        _waiting.RemoveRange(0, run.Count);
        return run;
    }

    private async Task OfferAsync(List<Waiting> run)
    {
        try
        {
            ImmutableArray<BatchDecision> decisions = await store.OfferAllAsync(
                draw, [.. run.Select(one => one.Offer)], CancellationToken.None);
            foreach ((Waiting one, BatchDecision decision) in run.Zip(decisions))
            {
                Decide(one, decision);
            }
        }
        catch (IOException e)
        {
            foreach (Waiting one in run)
            {
                one.Decided.TrySetException(e);
            }
        }
    }

    private void Decide(Waiting one, BatchDecision decision)
    {
        if (decision is BatchDecision.Refuse { Cause: RefusalCause.OutOfOrder, Next: var next })
        {
            _expected = next;
            if (one.Number > next && time.GetElapsedTime(one.Since) < BatchLanes.Patience)
            {
                lock (_gate)
                {
                    _waiting.Add(one);
                }

                return;
            }
        }
        else if (decision is BatchDecision.Store)
        {
            _expected = one.Number + 1;
        }

        one.Decided.TrySetResult(decision);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Waiting(BatchOffer Offer, long Since)
    {
        public TaskCompletionSource<BatchDecision?> Decided { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Number => ((BatchIdentity.Numbered)Offer.Identity).Number;
    }
}
