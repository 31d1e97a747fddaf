namespace Shoal.Core.Content;

/// <summary>A name that a peer shares in a swarm: a file with its content, or an empty folder.</summary>
public abstract record SharedEntry
{
    private SharedEntry(EntryName name) => Name = name;

    /// <summary>The name at its origin.</summary>
    public EntryName Name { get; }

    /// <summary>A file.</summary>
    /// <param name="Name">The name at its origin.</param>
    /// <param name="Content">What is in it.</param>
    /// <param name="ModifiedAt">Its modification time in milliseconds since the Unix epoch.</param>
    /// <param name="IsExecutable">Whether its owner may execute it.</param>
    public sealed record File(EntryName Name, ContentId Content, long ModifiedAt, bool IsExecutable)
        : SharedEntry(Name);

    /// <summary>A folder with nothing in it; folders with files in them follow from the files' names.</summary>
    /// <param name="Name">The name at its origin.</param>
    public sealed record Folder(EntryName Name) : SharedEntry(Name);
}
