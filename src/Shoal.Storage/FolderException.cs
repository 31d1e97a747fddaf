namespace Shoal.Storage;

/// <summary>Why a target folder cannot be used.</summary>
public enum FolderProblem
{
    /// <summary>Another program of ours has it open.</summary>
    InUse,

    /// <summary>It may not be written to.</summary>
    ReadOnly,

    /// <summary>There is something else in its place, or it cannot be made.</summary>
    NotAFolder,

    /// <summary>The disk has no room left, or has not enough for what will come.</summary>
    NoSpace,

    /// <summary>A file that Shoal keeps or needs there vanished or cannot be opened.</summary>
    Vanished,

    /// <summary>The disk failed in another way.</summary>
    Failed,
}

/// <summary>
/// The target folder, or the disk below it, failed. The message says what, where and what to do.
/// </summary>
public sealed class FolderException(
    FolderProblem problem, string path, string message, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>What kind of problem it is.</summary>
    public FolderProblem Problem { get; } = problem;

    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;
}
