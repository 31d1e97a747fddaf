using Shoal.Core.Content;
using Shoal.Core.Roster;
using Shoal.Storage.Files;

namespace Shoal.Storage.Records;

/// <summary>An entry that was, or was about to be, given its name here.</summary>
/// <param name="Origin">Whose name it was.</param>
/// <param name="OriginName">That peer's name for people.</param>
/// <param name="Entry">The entry, with its name there.</param>
/// <param name="Local">The name here.</param>
/// <param name="Stamp">The file's stamp as it was put there.</param>
internal sealed record Placement(
    PeerId Origin, string OriginName, SharedEntry Entry, EntryName Local, FileStamp Stamp);

/// <summary>What a journal says of one content.</summary>
/// <param name="Manifest">The content.</param>
/// <param name="Chunks">Its chunks that were verified and stored.</param>
internal sealed record JournalContent(Manifest Manifest, Bitfield Chunks);

/// <summary>All that a journal says.</summary>
internal sealed class JournalState
{
    /// <summary>Since which start of the machine it was written; empty if that is not known.</summary>
    public string BootId { get; set; } = "";

    /// <summary>
    /// The contents, by the numbers that records use for them; null for those dropped since.
    /// </summary>
    public List<JournalContent?> Contents { get; } = [];

    /// <summary>Entries that have their names here, by whose they are.</summary>
    public Dictionary<(PeerId Origin, SharedEntry Entry), Placement> Placements { get; } = [];

    /// <summary>Folders that were made for entries from elsewhere.</summary>
    public HashSet<EntryName> MadeFolders { get; } = [];
}
