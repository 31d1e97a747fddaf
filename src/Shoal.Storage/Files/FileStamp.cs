namespace Shoal.Storage.Files;

/// <summary>What tells, without reading it, whether a file is still the same.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ModifiedAt">When its bytes last changed, in nanoseconds since the Unix epoch.</param>
/// <param name="ChangedAt">
/// When anything of it last changed, in the same unit; 0 where the system does not say.
/// </param>
/// <param name="Inode">The number that it keeps when it is renamed; 0 where the system does not say.</param>
internal readonly record struct FileStamp(long Length, long ModifiedAt, long ChangedAt, ulong Inode)
{
    /// <summary>
    /// Whether its bytes are the same, as far as length and time tell: renaming changes neither.
    /// </summary>
    public bool HasSameBytesAs(FileStamp other) => Length == other.Length && ModifiedAt == other.ModifiedAt;

    /// <summary>Whether it is the same file with the same bytes, perhaps under another name.</summary>
    public bool IsSameFileAs(FileStamp other) => HasSameBytesAs(other) && Inode == other.Inode;
}

/// <summary>What lies under a name.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that may be looked at.</summary>
    Nothing,

    /// <summary>A plain file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, to whatever.</summary>
    Link,

    /// <summary>A device, a pipe, a socket.</summary>
    Special,
}

/// <summary>What the system says of a name or an open file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Stamp">Its stamp.</param>
/// <param name="IsExecutable">Whether its owner may execute it.</param>
internal readonly record struct FileStatus(FileKind Kind, FileStamp Stamp, bool IsExecutable);
