namespace Shoal.Core.Time;

/// <summary>What crossing one peer's own link takes, in either direction, in virtual time. Both are positive.</summary>
/// <param name="Chunk">A chunk, the shorter last one of a content too.</param>
/// <param name="Message">Any message that carries no chunk.</param>
public readonly record struct LinkCost(VirtualTime Chunk, VirtualTime Message);
