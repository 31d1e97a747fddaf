using System.Collections.Immutable;

namespace Shoal.Hosts.Peer;

/// <summary>What a peer would share from its folder, and what would come to it.</summary>
/// <param name="Files">The names, its own and those of files that came earlier.</param>
/// <param name="Notes">What is left out, and why.</param>
/// <param name="FreeBytes">Room for what would come.</param>
/// <param name="Coming">What would come.</param>
public sealed record FolderPreview(
    ImmutableArray<PreviewFile> Files, ImmutableArray<string> Notes, long FreeBytes, ComingPreview Coming);

/// <summary>A file or an empty folder that would be shared.</summary>
/// <param name="Name">Its name; an empty folder's ends with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
public readonly record struct PreviewFile(string Name, long Bytes);

/// <summary>What would come from the members that are in the swarm now.</summary>
public abstract record ComingPreview
{
    private ComingPreview()
    {
    }

    /// <summary>The hub told.</summary>
    /// <param name="Members">Who is in the swarm now.</param>
    /// <param name="Unheard">Those of them of whom no name is known: they share none, or are about to say it.</param>
    /// <param name="Files">The names that are not here, as their owners call them.</param>
    /// <param name="Bytes">What is missing here of all of them; a content with several names counts once.</param>
    public sealed record Known(
        ImmutableArray<string> Members, ImmutableArray<string> Unheard, ImmutableArray<ComingFile> Files, long Bytes)
        : ComingPreview;

    /// <summary>The hub did not tell.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Unknown(string Reason) : ComingPreview;
}

/// <summary>A file or an empty folder that would come.</summary>
/// <param name="Name">Its name; an empty folder's ends with <c>/</c>.</param>
/// <param name="Bytes">What is missing of it here.</param>
/// <param name="Origin">Whose it is; the name for people.</param>
public readonly record struct ComingFile(string Name, long Bytes, string Origin);
