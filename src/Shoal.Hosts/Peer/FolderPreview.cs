using System.Collections.Immutable;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer would share from its folder.</summary>
/// <param name="Files">The names, its own and those of files that came earlier.</param>
/// <param name="Notes">What is left out, and why.</param>
/// <param name="FreeBytes">Room for what would come.</param>
public sealed record FolderPreview(
    ImmutableArray<PreviewFile> Files, ImmutableArray<string> Notes, long FreeBytes);

/// <summary>A file or an empty folder that would be shared.</summary>
/// <param name="Name">Its name; an empty folder's ends with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
public readonly record struct PreviewFile(string Name, long Bytes);
