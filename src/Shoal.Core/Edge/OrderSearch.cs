using Shoal.Core.Randomness;
using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>
/// Bends the merged order of all starts by threshold accepting (Dueck and Scheuer, 1990). A request has a key: its
/// place in the list, plus a warp; the order merges the lists by their keys. A move bends a client's keys
/// (<see cref="KeyBend"/>), or changes how much goes straight. Most steps only count what an order costs
/// (<see cref="CopyCounter"/>), and now and then play it; later ones play every order, and the last change only how the
/// lists end. Whole numbers and a fixed random seed: as many steps give the same plan on every machine.
/// </summary>
internal sealed class OrderSearch
{
    private const int TuningRuns = 8;
    private const int SampleRuns = 3;
    private const int StepsPerSample = 1500;

    // kb, and nanoseconds: what a step may be worse, at first and at last.
    private const long CountHot = 1_500;
    private const long CountCold = 150;
    private const long RunHot = 100_000_000;
    private const long RunCold = 2_000_000;

    // What the makespan is beyond the balance counts one part in so many.
    private const int ImbalanceWeight = 3;

    // Of a hundred moves that are played, so many bend the order; the others change what goes straight.
    private const int Bends = 75;
    private const int BendsOfEnds = 70;

    // What goes straight is levelled but for so many kb, or else changed by chance.
    private const int LevelJitter = 1000;

    private readonly CancellationToken _cancellation;
    private readonly EdgeShape _shape;
    private readonly EdgeDemand _demand;
    private readonly PlanScorer _scorer;
    private readonly MergedOrder _order;
    private readonly DeterministicRandom _random = new(1);
    private readonly KeyBend _bend;
    private readonly int[] _keys;
    private readonly long[] _budgets;
    private readonly long[] _budgetsBefore;
    private PlayedOrder _best = PlayedOrder.None;
    private int _steps;

    /// <summary>Begins with all lists in step.</summary>
    public OrderSearch(EdgeSetup setup, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _shape = setup.Shape;
        _demand = setup.Demand;
        _scorer = new PlanScorer(setup);
        _order = new MergedOrder(_demand);
        _keys = new int[_demand.Requests];
        _budgets = new long[_demand.Clients];
        _budgetsBefore = new long[_demand.Clients];
        _bend = new KeyBend(_demand, _keys, _random);
        GoInStep();
    }

    /// <summary>Plays an order by keys, one a request, and with what may go straight to each client.</summary>
    public PlayedOrder Try(ReadOnlySpan<int> keys, ReadOnlySpan<long> budgets)
    {
        _best = PlayedOrder.None;
        keys.CopyTo(_keys);
        budgets.CopyTo(_budgets);
        Play();
        return _best;
    }

    /// <summary>
    /// With all lists in step, makes direct connections and those to edges end together, as well as that goes.
    /// </summary>
    public PlayedOrder Balance()
    {
        _best = PlayedOrder.None;
        Array.Fill(_budgets, Share(_demand.DistinctKb));
        Balance(TuningRuns);
        return _best;
    }

    /// <summary>Searches by counting, from an order on; the best order of those played now and then.</summary>
    public PlayedOrder Count(CopyCounter counter, ReadOnlySpan<int> keys, int steps)
    {
        _best = PlayedOrder.None;
        keys.CopyTo(_keys);
        int start = _steps;
        int end = start + steps;
        long current = counter.Count(_keys);
        int sample = start + (steps / 3);
        while (_steps < end)
        {
            _bend.Apply();
            long score = counter.Count(_keys);
            _steps++;
            if (Accepts(score - current, Heat(CountHot, CountCold, _steps - start, steps)))
            {
                current = score;
            }
            else
            {
                _bend.Undo();
            }

            if (_steps >= sample)
            {
                sample = _steps + StepsPerSample;
                Balance(SampleRuns);
            }
        }

        Balance(SampleRuns);
        return _best;
    }

    /// <summary>Searches by playing, from an order on; the best one.</summary>
    public PlayedOrder Play(PlayedOrder from, int steps)
    {
        Use(from);
        int start = _steps;
        long current = Play();
        while (_steps < start + steps)
        {
            bool isBend = _random.Next(100) < Bends;
            if (isBend)
            {
                _bend.Apply();
            }
            else
            {
                ChangeBudgets();
            }

            long score = Play();
            if (Accepts(score - current, Heat(RunHot, RunCold, _steps - start, steps)))
            {
                current = score;
            }
            else
            {
                Undo(isBend);
            }
        }

        return _best;
    }

    /// <summary>Searches by playing, from an order on, only for how the lists had best end; the best one.</summary>
    public PlayedOrder PlayEnds(PlayedOrder from, int steps)
    {
        Use(from);
        VirtualTime current = from.Makespan;
        for (int step = 0; step < steps; step++)
        {
            bool isBend = _random.Next(100) < BendsOfEnds;
            if (isBend)
            {
                _bend.ApplyToEnd();
            }
            else
            {
                ChangeBudgets();
            }

            Play();
            if (_scorer.Makespan <= current)
            {
                current = _scorer.Makespan;
            }
            else
            {
                Undo(isBend);
            }
        }

        return _best;
    }

    /// <summary>The plan of an order.</summary>
    public EdgePlan ToPlan(PlayedOrder played, DirectLimit limit)
    {
        Use(played);
        _order.Merge(_keys);
        return new EdgePlan([.. _order.Requests], played.Budgets, limit);
    }

    private void GoInStep()
    {
        for (int request = 0; request < _demand.Requests; request++)
        {
            _keys[request] = (request - _demand.StartOf(_demand.ClientOf[request])) * KeyBend.KeyPerPlace;
        }
    }

    private bool Accepts(long worse, long heat) => worse <= 0 || worse <= (long)(_random.Next() % (ulong)(2 * heat));

    private static long Heat(long hot, long cold, int done, int steps)
    {
        long left = Math.Max(0, steps - done);
        return cold + (long)((Int128)(hot - cold) * left * left / ((long)steps * steps));
    }

    private void Undo(bool isBend)
    {
        if (isBend)
        {
            _bend.Undo();
        }
        else
        {
            Array.Copy(_budgetsBefore, _budgets, _budgets.Length);
        }
    }

    private void ChangeBudgets()
    {
        Array.Copy(_budgets, _budgetsBefore, _budgets.Length);
        if (_random.Next(2) == 0)
        {
            LevelTo(StraightKb(_scorer.Balanced));
            for (int client = 0; client < _budgets.Length; client++)
            {
                _budgets[client] += _random.Next(LevelJitter) - (LevelJitter / 2);
            }

            return;
        }

        long change = KeyBend.DrawScale(_random, 64, 8) * (_random.Next(2) == 0 ? 1 : -1);
        int one = _random.Next(2) == 0 ? _random.Next(_budgets.Length) : -1;
        for (int client = 0; client < _budgets.Length; client++)
        {
            _budgets[client] += one < 0 || one == client ? change : 0;
        }
    }

    /// <summary>What the direct connections lacked in the last run to carry so many kb, each gets more.</summary>
    private void LevelTo(long kilobits)
    {
        for (int client = 0; client < _budgets.Length; client++)
        {
            _budgets[client] += kilobits - StraightKb(_scorer.DirectEnds[client]);
        }
    }

    /// <summary>What a direct connection carries until then.</summary>
    private long StraightKb(VirtualTime end) =>
        (long)((Int128)end.Nanoseconds * _shape.OriginToClient / 1_000_000_000);

    private long Share(long kilobits) =>
        (long)((Int128)kilobits * _shape.OriginToClient / _shape.OriginRate(_demand.Clients));

    private void Balance(int runs)
    {
        for (int run = 0; run < runs; run++)
        {
            Play();
            LevelTo(Share(_scorer.OriginKb));
        }

        Play();
    }

    /// <summary>Plays the order; most of the score is when all would have ended if it were in balance.</summary>
    private long Play()
    {
        _cancellation.ThrowIfCancellationRequested();
        _order.Merge(_keys);
        _scorer.Play(_order.Requests, _budgets);
        _steps++;
        if (_scorer.Makespan < _best.Makespan)
        {
            _best = new PlayedOrder([.. _keys], [.. _budgets], _scorer.Makespan);
        }

        long balanced = _scorer.Balanced.Nanoseconds;
        return balanced + ((_scorer.Makespan.Nanoseconds - balanced) / ImbalanceWeight);
    }

    private void Use(PlayedOrder played)
    {
        _best = played;
        played.Keys.CopyTo(_keys);
        played.Budgets.CopyTo(_budgets);
    }
}
