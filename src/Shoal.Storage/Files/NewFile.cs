using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Shoal.Core.Content;

namespace Shoal.Storage.Files;

/// <summary>
/// Lets finished files appear: with their times and modes, at once, and over nothing that exists.
/// </summary>
internal static partial class NewFile
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const uint NoReplace = 1; // RENAME_NOREPLACE
    private const int ReadBits = 0b100_100_100;
    private const int Exists = 17; // EEXIST
    private const int Invalid = 22; // EINVAL: the file system cannot do it
    private const int NoSuchCall = 38; // ENOSYS

    /// <summary>Gives a finished file the time and the mode of an entry.</summary>
    /// <returns>Its stamp from now on.</returns>
    public static FileStamp Dress(string path, SharedEntry.File entry)
    {
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode mode = File.GetUnixFileMode(file);

            // Whoever may read it may execute it, so that the user's umask goes on to rule.
            var wanted = (UnixFileMode)(((int)mode & ReadBits) >> 2);
            const UnixFileMode execute = (UnixFileMode)(ReadBits >> 2);
            UnixFileMode dressed = entry.IsExecutable ? mode | wanted : mode & ~execute;
            if (dressed != mode)
            {
                File.SetUnixFileMode(file, dressed);
            }
        }

        File.SetLastWriteTimeUtc(file, ToTime(entry.ModifiedAt));
        return FileProbe.StampOf(file);
    }

    /// <summary>Copies the bytes of a file, by reference where the disk can; not its mode.</summary>
    public static void Copy(string from, string to)
    {
        File.WriteAllBytes(to, []);
        UnixFileMode mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(to);
        File.Copy(from, to, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(to, mode);
        }
    }

    /// <summary>Moves a file to a name; false if there is something already.</summary>
    public static bool TryMove(string from, string to)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                if (RenameAt(WorkingFolder, from, WorkingFolder, to, NoReplace) == 0)
                {
                    return true;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Exists:
                        return false;
                    case Invalid or NoSuchCall:
                        break;
                    default:
                        throw new IOException(
                            Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
                }
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                // An old C library; the way below does.
            }
        }

        if (FileProbe.Look(to).Kind != FileKind.Nothing)
        {
            return false;
        }

        // Only Windows refuses by itself to replace. Elsewhere File.Move without overwriting may copy, so
        // that a partial file could be seen; a rename never does, and what it might replace has come this
        // very moment.
        File.Move(from, to, overwrite: !OperatingSystem.IsWindows());
        return true;
    }

    private static DateTime ToTime(long milliseconds)
    {
        const long earliest = -62_135_596_800_000, latest = 253_402_300_799_999; // the years 1 to 9999
        return DateTime.UnixEpoch.AddMilliseconds(Math.Clamp(milliseconds, earliest, latest));
    }

    [LibraryImport(
        "libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int fromFolder, string from, int toFolder, string to, uint flags);
}
