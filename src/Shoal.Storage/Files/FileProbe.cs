using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Shoal.Storage.Files;

/// <summary>
/// Asks the system about a name, without following a link, or about an open file. On Linux by one statx call,
/// which alone gives nanoseconds and the inode; elsewhere by what the framework offers.
/// </summary>
internal static partial class FileProbe
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint BasicStats = 0x7FF;
    private const int StatxSize = 256;

    private static bool s_hasStatx = OperatingSystem.IsLinux();

    /// <summary>What lies under a path; nothing if it cannot be looked at.</summary>
    public static FileStatus Look(string path)
    {
        if (s_hasStatx)
        {
            Span<byte> raw = stackalloc byte[StatxSize];
            try
            {
                return Statx(WorkingFolder, path, NoFollow, BasicStats, raw) == 0 ? Parse(raw) : default;
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                s_hasStatx = false;
            }
        }

        return LookManaged(path);
    }

    /// <summary>The stamp of an open file.</summary>
    public static FileStamp StampOf(SafeFileHandle file)
    {
        if (s_hasStatx)
        {
            Span<byte> raw = stackalloc byte[StatxSize];
            bool isHeld = false;
            try
            {
                file.DangerousAddRef(ref isHeld);
                if (Statx((int)file.DangerousGetHandle(), "", EmptyPath, BasicStats, raw) == 0)
                {
                    return Parse(raw).Stamp;
                }
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                s_hasStatx = false;
            }
            finally
            {
                if (isHeld)
                {
                    file.DangerousRelease();
                }
            }
        }

        return new FileStamp(
            RandomAccess.GetLength(file), ToNanoseconds(File.GetLastWriteTimeUtc(file)), 0, 0);
    }

    // struct statx has the same layout on every architecture: mode at 28, inode 32, size 40, ctime 96,
    // mtime 112.
    private static FileStatus Parse(ReadOnlySpan<byte> raw)
    {
        int mode = MemoryMarshal.Read<ushort>(raw[28..]);
        FileKind kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Special,
        };
        var stamp = new FileStamp(
            MemoryMarshal.Read<long>(raw[40..]), ReadTime(raw[112..]), ReadTime(raw[96..]),
            MemoryMarshal.Read<ulong>(raw[32..]));
        return new FileStatus(kind, stamp, (mode & 0x40) != 0);
    }

    private static long ReadTime(ReadOnlySpan<byte> raw) =>
        unchecked((MemoryMarshal.Read<long>(raw) * 1_000_000_000) + MemoryMarshal.Read<uint>(raw[8..]));

    private static FileStatus LookManaged(string path)
    {
        try
        {
            var file = new FileInfo(path);
            FileAttributes attributes = file.Attributes;
            if ((int)attributes == -1)
            {
                return default;
            }

            bool isExecutable = !OperatingSystem.IsWindows()
                && (file.UnixFileMode & UnixFileMode.UserExecute) != 0;
            FileKind kind = attributes.HasFlag(FileAttributes.ReparsePoint) ? FileKind.Link
                : attributes.HasFlag(FileAttributes.Directory) ? FileKind.Folder
                : attributes.HasFlag(FileAttributes.Device) ? FileKind.Special
                : FileKind.File;
            long length = kind == FileKind.File ? file.Length : 0;
            return new FileStatus(
                kind, new FileStamp(length, ToNanoseconds(file.LastWriteTimeUtc), 0, 0), isExecutable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>A time in nanoseconds since the Unix epoch.</summary>
    public static long ToNanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    /// <summary>
    /// Nanoseconds as milliseconds. Rounded down, before 1970 too, and exactly: a double has not enough digits.
    /// </summary>
    public static long ToMilliseconds(long nanoseconds)
    {
        (long whole, long rest) = Math.DivRem(nanoseconds, 1_000_000);
        return rest < 0 ? whole - 1 : whole;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> result);
}
