using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>Something that has a link to itself for a while. Peers and chunks count from 0.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Link">Whose link.</param>
/// <param name="Chunk">The chunk it is about, counted over all files.</param>
/// <param name="Requester">Who gets the chunk; of several whose request opened the upload.</param>
/// <param name="Holder">Who sends it; of a request, which has no holder yet, -1 until it is known.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it has ended.</param>
public sealed record Occupation(
    OccupationKind Kind, int Link, int Chunk, int Requester, int Holder, VirtualTime Start, VirtualTime End);
