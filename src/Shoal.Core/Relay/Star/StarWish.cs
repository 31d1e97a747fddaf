using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>A request that is out: from its start to the end of what finishes it.</summary>
/// <param name="Chunk">What is wanted.</param>
/// <param name="Holder">Who is meant to bring it; null when that is decided on arrival.</param>
/// <param name="Since">When the request began.</param>
internal readonly record struct StarWish(int Chunk, StarLink? Holder, VirtualTime Since);
