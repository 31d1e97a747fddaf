using System.Collections.Immutable;
using Shoal.Core.Content;
using Shoal.Core.Exchange;

namespace Shoal.Storage;

/// <summary>What was found in a target folder.</summary>
public sealed record FolderContents
{
    /// <summary>A manifest for each content of which there is a chunk here.</summary>
    public required ImmutableArray<Manifest> Manifests { get; init; }

    /// <summary>
    /// The names, by origin: own ones, and those of files that came from others and are unchanged.
    /// </summary>
    public required ImmutableArray<MemberMessage.Share> Shares { get; init; }

    /// <summary>The chunks that are here.</summary>
    public required ImmutableArray<Holding> Holdings { get; init; }

    /// <summary>What was left out, and what was not as expected.</summary>
    public required ImmutableArray<FolderNote> Notes { get; init; }

    /// <summary>How many bytes had to be hashed because nothing was known of them.</summary>
    public required long HashedBytes { get; init; }

    /// <summary>The same as an event for the machine.</summary>
    public SwarmPeerEvent.FolderRead ToEvent() => new(Manifests, Shares, Holdings);
}

/// <summary>An own file and what is in it.</summary>
/// <param name="Entry">Its name and content.</param>
/// <param name="Manifest">The content's manifest.</param>
public sealed record OwnFile(SharedEntry.File Entry, Manifest Manifest);

/// <summary>Something in a target folder that a user should know of.</summary>
/// <param name="Name">The file or folder, relative to the target folder.</param>
/// <param name="Text">What is with it: a sentence without the name.</param>
public sealed record FolderNote(string Name, string Text);

/// <summary>How far the reading of a target folder is.</summary>
/// <param name="DoneBytes">Bytes hashed so far.</param>
/// <param name="TotalBytes">Bytes to hash.</param>
/// <param name="DoneFiles">Files hashed so far.</param>
/// <param name="TotalFiles">Files to hash.</param>
/// <param name="Name">One of the files that are being hashed.</param>
public readonly record struct FolderProgress(
    long DoneBytes, long TotalBytes, int DoneFiles, int TotalFiles, string Name);

/// <summary>What became of a received chunk.</summary>
public enum StoreOutcome
{
    /// <summary>It was right, and is stored now.</summary>
    Stored,

    /// <summary>It was right, and was stored before.</summary>
    AlreadyStored,

    /// <summary>Its hash or its length is wrong; nothing was stored.</summary>
    Corrupt,

    /// <summary>Nobody prepared for its content.</summary>
    Unknown,
}

/// <summary>What became of an attempt to read.</summary>
public enum ReadOutcome
{
    /// <summary>The bytes are read.</summary>
    Done,

    /// <summary>These bytes are not here.</summary>
    NotHere,

    /// <summary>The file changed or vanished; the content is no longer here.</summary>
    ContentLost,
}

/// <summary>Room on the disk.</summary>
/// <param name="Needed">Bytes still to be written for what was prepared and placed.</param>
/// <param name="Available">Bytes that are free for this user.</param>
public readonly record struct FolderSpace(long Needed, long Available)
{
    /// <summary>Whether there is room.</summary>
    public bool IsEnough => Needed <= Available;

    /// <summary>How many bytes one content will still take.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="missing">How many of its bytes are still to come.</param>
    /// <param name="names">How many more files there will be with it.</param>
    /// <param name="hasFile">
    /// Whether a file with it has its name already, so that all others are copies.
    /// </param>
    public static long NeededFor(long length, long missing, int names, bool hasFile) =>
        missing + (length * Math.Max(0, hasFile ? names : names - 1));
}

/// <summary>The MD5 of a whole file.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="Md5">The digest as 32 lower-case hexadecimal digits.</param>
public sealed record FileMd5(EntryName Name, string Md5);
