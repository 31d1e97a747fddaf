using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Shoal.Core.Time;

namespace Shoal.Core.Edge;

/// <summary>A run of an <see cref="EdgeMachine"/> over connections that are as fast as they are said to be.</summary>
public sealed class EdgeRehearsal
{
    private readonly EdgeMachine _machine;
    private readonly EdgeLinks _links;
    private readonly ImmutableArray<EdgeTransfer> _carried;
    private readonly List<EdgeEffect> _effects = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="setup">Links, lists and policy.</param>
    public EdgeRehearsal(EdgeSetup setup)
    {
        _machine = new EdgeMachine(setup);
        _carried = setup.Carried;
        _links = EdgeLinks.Of(setup);
    }

    /// <summary>The time of what happened last; in the end, the makespan.</summary>
    public VirtualTime Now { get; private set; }

    /// <summary>What the machine wants done just now.</summary>
    public ReadOnlySpan<EdgeEffect> Effects => CollectionsMarshal.AsSpan(_effects);

    /// <summary>Begins; what is carried over has its whole way before it.</summary>
    public void Begin()
    {
        foreach (EdgeTransfer carried in _carried)
        {
            _links.Start(Now, carried);
        }

        Apply(EdgeEvent.Began);
    }

    /// <summary>Lets the next transfer end; false: nothing is in flight any more.</summary>
    /// <param name="ended">The transfer.</param>
    public bool TryStep(out EdgeTransfer ended)
    {
        VirtualTime next = _links.NextEnd;
        ended = default;
        if (next == VirtualTime.Never)
        {
            return false;
        }

        Now = next;
        ended = _links.TakeEnded();
        Apply(EdgeEvent.Ended(ended));
        return true;
    }

    private void Apply(in EdgeEvent fact)
    {
        _effects.Clear();
        _machine.Apply(fact, _effects);
        foreach (EdgeEffect effect in _effects)
        {
            if (effect.Kind == EdgeEffectKind.Begin)
            {
                _links.Start(Now, effect.Transfer);
            }
        }
    }
}
