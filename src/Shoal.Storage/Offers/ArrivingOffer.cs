using System.Security.Cryptography;
using System.Text;
using Shoal.Core.Content;
using Shoal.Storage.Files;

namespace Shoal.Storage.Offers;

/// <summary>
/// Where a file or folder is put together that comes in chunks: in <c>.shoal/fetch</c> beside its target, which nobody
/// takes for the target. It stays there until it is complete, so that another attempt goes on with it.
/// </summary>
public sealed class ArrivingOffer : IDisposable
{
    private readonly string _target;
    private readonly string _state;
    private readonly string _prefix;
    private readonly bool _isFolder;

    private ArrivingOffer(string target, string state, string prefix, string folder, bool isFolder)
    {
        _target = target;
        _state = state;
        _prefix = prefix;
        _isFolder = isFolder;
        Folder = folder;
    }

    /// <summary>The folder to receive into.</summary>
    public string Folder { get; }

    /// <summary>Begins what is to appear at a path, or goes on with it.</summary>
    /// <param name="target">The path, which no folder has.</param>
    /// <param name="offer">What it is.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <exception cref="FolderException">It cannot be written there; the message says why.</exception>
    public static ArrivingOffer Create(string target, OfferId offer, bool isFolder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        try
        {
            FileKind there = FileProbe.Look(full).Kind;
            if (isFolder && there != FileKind.Nothing)
            {
                throw new FolderException(
                    FolderProblem.NotAFolder, full, $"{full} is there already. Choose another name for the folder.");
            }

            if (!isFolder && there is FileKind.Folder or FileKind.Special)
            {
                throw new FolderException(
                    FolderProblem.NotAFolder, full, $"{full} is no file. Choose another name for what is to come.");
            }

            string state = Path.Join(Path.GetDirectoryName(full)!, EntryName.StateFolder, "fetch");
            string prefix = ShortHash(Path.GetFileName(full)) + "-";
            string folder = Path.Join(state, prefix + offer);
            Directory.CreateDirectory(folder);
            return new ArrivingOffer(full, state, prefix, folder, isFolder);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e) && e is not FolderException)
        {
            throw FolderFailure.At(full, e);
        }
    }

    /// <summary>Lets it appear under its name, when all of it is in the folder and nobody has that open.</summary>
    /// <param name="taken">What becomes of a file that is there; a folder is never replaced.</param>
    /// <exception cref="FolderException">It cannot.</exception>
    public void Complete(TakenName taken)
    {
        try
        {
            if (_isFolder)
            {
                Directory.Delete(Path.Join(Folder, EntryName.StateFolder), recursive: true);
                Directory.Move(Folder, _target);
            }
            else
            {
                string file = Path.Join(Folder, OfferId.FileName);
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
                File.Move(file, _target, overwrite: taken == TakenName.Replace);
            }

            // Also what earlier attempts began, of something else under the same name.
            foreach (string folder in Directory.GetDirectories(_state, _prefix + "*"))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(_target, e);
        }
    }

    /// <summary>Takes the folders away that are empty now.</summary>
    public void Dispose()
    {
        try
        {
            foreach (string folder in new[] { _state, Path.GetDirectoryName(_state)! })
            {
                if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    Directory.Delete(folder);
                }
            }
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            // Somebody else has put something there meanwhile.
        }
    }

    private static string ShortHash(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
