using Shoal.Storage.Files;

namespace Shoal.Storage.Sqlite;

/// <summary>
/// Keeps other processes away from what only one may use: a file that is locked as long as this lives, and as long as
/// the process does at most.
/// </summary>
internal sealed class FileHold : IDisposable
{
    private readonly FileStream _file;

    private FileHold(FileStream file) => _file = file;

    /// <summary>Takes hold of a file, which is made if absent and stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inUse">What to say when another process holds it.</param>
    /// <exception cref="IOException">Another process holds it, or it cannot be made.</exception>
    public static FileHold Take(string path, string inUse)
    {
        try
        {
            return new FileHold(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            FolderException failure = FolderFailure.At(path, e);
            throw new IOException(failure.Problem == FolderProblem.InUse ? inUse : failure.Message, e);
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _file.Dispose();
}
