namespace Shoal.Core.Edge;

/// <summary>What is to be done.</summary>
public enum EdgeEffectKind
{
    /// <summary>Let a transfer begin, and tell when all of it has arrived.</summary>
    Begin,

    /// <summary>Let an edge give a file up.</summary>
    Evict,

    /// <summary>Everybody has everything.</summary>
    Complete,
}

/// <summary>What an <see cref="EdgeMachine"/> wants done.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Transfer">The transfer; of an eviction, edge and file.</param>
public readonly record struct EdgeEffect(EdgeEffectKind Kind, EdgeTransfer Transfer);
