using Shoal.Core.Relay.Star;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Simulation.Relay;

/// <summary>A star to run in virtual time: its machine, and peers that always do what it says.</summary>
public sealed record StarScenario
{
    /// <summary>Links and files.</summary>
    public required StarShape Shape { get; init; }

    /// <summary>Who decides. Default: <see cref="StarPolicy.Planned"/>.</summary>
    public StarPolicy Policy { get; init; }

    /// <summary>For policies that choose at random.</summary>
    public ulong RandomSeed { get; init; } = 1;

    /// <summary>Runs it, judged by a checker.</summary>
    /// <param name="watch">Gets every occupation of a link when it begins, in order; null: nobody looks.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="BrokenRuleException">The run broke a rule of the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public StarRun Run(Action<Occupation>? watch, CancellationToken cancellation)
    {
        StarSetup setup = StarSetup.Of(Shape) with { Policy = Policy, RandomSeed = RandomSeed };
        var machine = new StarMachine(setup);
        var tally = new StarTally(setup);
        var checker = new StarChecker(Shape);
        var effects = new List<StarEffect>();
        var arriving = new Queue<int>();
        var makespan = VirtualTime.Zero;
        StarEvent next = new StarEvent.Began();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            machine.Apply(next, effects);
            foreach (StarEffect effect in effects)
            {
                switch (effect)
                {
                    case StarEffect.Begin begin:
                        checker.Take(begin.Occupation);
                        watch?.Invoke(begin.Occupation);
                        arriving.Enqueue(begin.Occupation.Link);
                        break;
                    case StarEffect.End end:
                        tally.Take(end.Occupation);
                        break;
                    case StarEffect.Complete complete:
                        makespan = complete.Makespan;
                        break;
                    default:
                        break;
                }
            }

            effects.Clear();
            next = arriving.TryDequeue(out int link) ? new StarEvent.Arrived(link) : new StarEvent.Began();
        }
        while (next is StarEvent.Arrived);

        checker.CheckEnd(makespan);
        return new StarRun
        {
            Makespan = makespan,
            Bound = StarBound.Of(Shape).Makespan,
            Peers = tally.Peers,
            MeanChunk = tally.MeanChunk,
        };
    }
}
