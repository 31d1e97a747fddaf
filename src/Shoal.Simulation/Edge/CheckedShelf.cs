using Shoal.Core.Edge;
using Shoal.Core.Time;
using Shoal.Simulation.Exchange;

namespace Shoal.Simulation.Edge;

/// <summary>What happens at an edge; at one instant in this order.</summary>
internal enum EdgeStepKind
{
    FillEnd,
    DeliveryStart,
    DeliveryEnd,
    Eviction,
    FillStart,
}

/// <summary>Something that happens at an edge.</summary>
internal readonly record struct EdgeStep(VirtualTime Time, EdgeStepKind Kind, int File);

/// <summary>What an edge holds, as its trace says, for an <see cref="EdgeChecker"/>.</summary>
internal sealed class CheckedShelf(int edge, long capacityKb, EdgeDemand demand)
{
    private readonly HashSet<int> _filling = [];
    private readonly HashSet<int> _whole = [];
    private readonly Dictionary<int, int> _sending = [];
    private long _held;

    public void Take(EdgeStep step)
    {
        if (step.File < 0 || step.File >= demand.Files)
        {
            throw new BrokenRuleException(step.Time, $"edge {edge + 1} gives up a file that does not exist.");
        }

        bool isWhole = _whole.Contains(step.File);
        int sending = _sending.GetValueOrDefault(step.File);
        switch (step.Kind)
        {
            case EdgeStepKind.FillStart:
                Require(!isWhole && _filling.Add(step.File), step, "is filled although it is there");
                _held += demand.Sizes[step.File];
                Require(_held <= capacityKb, step, $"is filled although only {capacityKb} kb have room");
                break;
            case EdgeStepKind.FillEnd:
                Require(_filling.Remove(step.File), step, "takes no time to fill");
                _whole.Add(step.File);
                break;
            case EdgeStepKind.DeliveryStart:
                Require(isWhole, step, "is sent before it is there");
                _sending[step.File] = sending + 1;
                break;
            case EdgeStepKind.DeliveryEnd:
                _sending[step.File] = sending - 1;
                break;
            default:
                Require(isWhole, step, "is given up although it is not there");
                Require(sending == 0, step, "is given up while it is sent");
                _whole.Remove(step.File);
                _held -= demand.Sizes[step.File];
                break;
        }
    }

    private void Require(bool holds, EdgeStep step, string what)
    {
        if (!holds)
        {
            throw new BrokenRuleException(
                step.Time, $"at edge {edge + 1}, file {demand.Numbers[step.File]} {what}.");
        }
    }
}
