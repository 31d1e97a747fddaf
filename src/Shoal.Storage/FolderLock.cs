using System.Globalization;
using Shoal.Core.Roster;
using Shoal.Storage.Files;

namespace Shoal.Storage;

/// <summary>
/// Makes a target folder usable, holds it for this process alone, and knows the identity that is kept in it.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file, PeerId peer)
    {
        _file = file;
        Peer = peer;
    }

    /// <summary>The identity of the peer whose folder it is.</summary>
    public PeerId Peer { get; }

    /// <summary>Takes a folder; makes it if it is absent.</summary>
    /// <exception cref="FolderException">It is in use, read-only, no folder, or cannot be made.</exception>
    public static FolderLock Take(FolderPaths paths)
    {
        MakeFolder(paths.Root);
        MakeFolder(paths.State);
        MakeFolder(paths.Incoming);
        FileStream file = Lock(paths);
        try
        {
            return new FolderLock(file, PeerIdentity.ReadOrMake(paths.PeerId));
        }
        catch (Exception e)
        {
            file.Dispose();
            throw FolderFailure.IsFromDisk(e) ? FolderFailure.At(paths.PeerId, e) : e;
        }
    }

    /// <summary>
    /// Lets others take the folder. The file stays: were it deleted, two could lock two of the same name.
    /// </summary>
    public void Dispose() => _file.Dispose();

    private static void MakeFolder(string path)
    {
        MadeFolder.At(path);
        if (Path.GetFileName(path) is "incoming" or Core.Content.EntryName.StateFolder
            && FileProbe.Look(path).Kind != FileKind.Folder)
        {
            throw new FolderException(FolderProblem.NotAFolder, path,
                $"{path} is a link, and links are not followed. Remove it and run the same command again.");
        }
    }

    private static FileStream Lock(FolderPaths paths)
    {
        try
        {
            var file = new FileStream(
                paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            File.WriteAllText(
                paths.Holder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            return file;
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            FolderException failure = FolderFailure.At(paths.Lock, e);
            throw failure.Problem != FolderProblem.InUse ? failure : new FolderException(
                FolderProblem.InUse, paths.Root,
                $"{paths.Root} is in use by another shoal{ReadHolder(paths.Holder)}. End that one, or choose "
                + "another folder.", e);
        }
    }

    // The locked file itself cannot be read by others.
    private static string ReadHolder(string path)
    {
        try
        {
            return $" (process {File.ReadAllText(path).Trim()})";
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            return "";
        }
    }
}
