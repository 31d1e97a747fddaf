using System.Collections.Immutable;
using Shoal.Core.Roster;

namespace Shoal.Core.Content;

/// <summary>Names that one peer shares, as others have to find a place for them.</summary>
/// <param name="Origin">Whose names these are.</param>
/// <param name="OriginName">That peer's name for people.</param>
/// <param name="OriginOrder">Its place in the order of joining: the lower one's name wins a clash.</param>
/// <param name="Entries">The names and what is behind them.</param>
public sealed record OriginShare(
    PeerId Origin, string OriginName, int OriginOrder, ImmutableArray<SharedEntry> Entries);

/// <summary>Where an entry of an origin lies, or will lie, in the folder here.</summary>
/// <param name="Origin">Whose name it was.</param>
/// <param name="Entry">The entry, with its name there.</param>
/// <param name="Local">The name here.</param>
public sealed record LocalEntry(PeerId Origin, SharedEntry Entry, EntryName Local);
