using Shoal.Core.Content;

namespace Shoal.Storage.Files;

/// <summary>A plain file in a target folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stamp">What it looked like.</param>
/// <param name="IsExecutable">Whether its owner may execute it.</param>
internal sealed record ScannedFile(EntryName Name, FileStamp Stamp, bool IsExecutable);

/// <summary>What a scan of a target folder found, in the order of names.</summary>
internal sealed class FolderListing
{
    /// <summary>The files that can be shared.</summary>
    public List<ScannedFile> Files { get; } = [];

    /// <summary>The folders with nothing at all in them.</summary>
    public List<EntryName> EmptyFolders { get; } = [];

    /// <summary>The folders that are left out but may be put into.</summary>
    public List<EntryName> ExcludedFolders { get; } = [];

    /// <summary>What else has a name here: links, devices, files that are left out.</summary>
    public List<EntryName> Others { get; } = [];

    /// <summary>What was skipped without being asked to.</summary>
    public List<FolderNote> Notes { get; } = [];
}
