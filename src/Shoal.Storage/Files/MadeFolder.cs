namespace Shoal.Storage.Files;

/// <summary>Makes folders that a user named.</summary>
internal static class MadeFolder
{
    /// <summary>Makes a folder, and those above it, where it is absent.</summary>
    /// <exception cref="FolderException">It cannot be made, or is something else; the message says so.</exception>
    public static void At(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw e switch
            {
                IOException when FileProbe.Look(path).Kind is not (FileKind.Nothing or FileKind.Folder) => new(
                    FolderProblem.NotAFolder, path, $"{path} is not a folder. Choose another name.", e),
                FileNotFoundException or DirectoryNotFoundException => new(
                    FolderProblem.ReadOnly, path, $"{path} cannot be made there. Choose another folder.", e),
                _ => FolderFailure.At(path, e),
            };
        }
    }
}
