using Microsoft.Win32.SafeHandles;
using Shoal.Storage.Files;

namespace Shoal.Storage.Offers;

/// <summary>
/// A file that is on its way: under a name of its own until it is complete, so that nobody takes a part of it for the
/// whole. Unless it was completed, nothing is left of it.
/// </summary>
public sealed class ArrivingFile : IDisposable
{
    private readonly string _target;
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private bool _isComplete;

    private ArrivingFile(string target, string path, SafeFileHandle handle)
    {
        _target = target;
        _path = path;
        _handle = handle;
    }

    /// <summary>Bytes that have been written.</summary>
    public long Length { get; private set; }

    /// <summary>Begins a file that is to appear at a path; the folder is made if absent.</summary>
    /// <exception cref="FolderException">It cannot be written there; the message says why.</exception>
    public static ArrivingFile Create(string target)
    {
        string full = Path.GetFullPath(target);
        try
        {
            if (FileProbe.Look(full).Kind is FileKind.Folder or FileKind.Special)
            {
                throw new FolderException(
                    FolderProblem.NotAFolder, full, $"{full} is no file. Choose another name for what is to come.");
            }

            string folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            string path = Path.Join(folder, $".shoal-{Path.GetRandomFileName()}");
            SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            return new ArrivingFile(full, path, handle);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(full, e);
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="FolderException">The disk is full or failed.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, Length);
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(_target, e);
        }

        Length += bytes.Length;
    }

    /// <summary>Lets it appear under its name.</summary>
    /// <param name="taken">What becomes of a file that is there.</param>
    /// <exception cref="FolderException">It cannot.</exception>
    public void Complete(TakenName taken)
    {
        try
        {
            _handle.Dispose();
            File.Move(_path, _target, overwrite: taken == TakenName.Replace);
            _isComplete = true;
        }
        catch (Exception e) when (FolderFailure.IsFromDisk(e))
        {
            throw FolderFailure.At(_target, e);
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        if (!_isComplete)
        {
            try
            {
                File.Delete(_path);
            }
            catch (Exception e) when (FolderFailure.IsFromDisk(e))
            {
                // The disk that failed may not let go either; there is nothing more to be done about it.
            }
        }
    }
}
