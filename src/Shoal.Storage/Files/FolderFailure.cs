namespace Shoal.Storage.Files;

/// <summary>Turns what the system says when a disk operation fails into words for people.</summary>
internal static class FolderFailure
{
    // On Unix HResult is the errno; on Windows it ends in the Win32 error.
    private static readonly int[] NoSpaceCodes =
        [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    private static readonly int[] ReadOnlyCodes = [30, unchecked((int)0x80070013)];

    private static readonly int[] InUseCodes =
        [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private static readonly int[] TooManyOpenCodes = [23, 24];

    /// <summary>Whether an exception comes from the disk, and not from a mistake of ours.</summary>
    public static bool IsFromDisk(Exception e) =>
        e is (IOException or UnauthorizedAccessException) and not FolderException;

    /// <summary>The same failure for the user of the folder.</summary>
    public static FolderException At(string path, Exception e) => e switch
    {
        FolderException known => known,
        _ when NoSpaceCodes.Contains(e.HResult) => new(FolderProblem.NoSpace, path,
            $"No space left for {path}. Free some and run the same command again: it goes on from there.", e),
        UnauthorizedAccessException => new(FolderProblem.ReadOnly, path,
            $"{path} may not be written or read. Check its owner and mode, or choose another folder.", e),
        _ when ReadOnlyCodes.Contains(e.HResult) => new(FolderProblem.ReadOnly, path,
            $"{path} is on a disk that is mounted read-only. Choose another folder.", e),
        _ when InUseCodes.Contains(e.HResult) => new(FolderProblem.InUse, path,
            $"{path} is in use by another program. Close it and run the same command again.", e),
        _ when TooManyOpenCodes.Contains(e.HResult) => new(FolderProblem.Failed, path,
            $"Too many files are open to open {path}. Raise the limit (ulimit -n) and run it again.", e),
        FileNotFoundException or DirectoryNotFoundException => new(FolderProblem.Vanished, path,
            $"{path} has vanished. Run the same command again: what is missing is fetched again.", e),
        _ => new(FolderProblem.Failed, path, $"{path}: {e.Message}", e),
    };
}
