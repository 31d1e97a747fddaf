using Shoal.Cli.Frame;
using Shoal.Cli.Parsing;

namespace Shoal.Cli.Reports;

/// <summary>
/// A file that a command writes whole or not at all: beside its place, then by rename. What is not completed leaves
/// nothing behind. A device, such as <c>/dev/null</c>, is written to as it is, and never replaced.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _option;
    private readonly string _path;
    private readonly string _beside;
    private readonly FileStream _stream;
    private bool _isComplete;

    private WholeFile(string option, string path)
    {
        _option = option;
        _path = path;
        _beside = IsDevice(path) ? path : $"{path}.{Environment.ProcessId}.part";
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _stream = new FileStream(_beside, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
    }

    /// <summary>Gets what the file shall have.</summary>
    public Stream Stream => _stream;

    /// <summary>Begins a file.</summary>
    /// <param name="option">The option that names it, for errors.</param>
    /// <param name="path">Its place; folders above it are made.</param>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public static WholeFile Create(string option, string path)
    {
        try
        {
            return new WholeFile(option, path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Failed(option, path, e);
        }
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="WorkFailedException">It cannot be written.</exception>
    public void Complete()
    {
        try
        {
            _stream.Flush(flushToDisk: _beside != _path);
            _stream.Dispose();
            if (_beside != _path)
            {
                File.Move(_beside, _path, overwrite: true);
            }

            _isComplete = true;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Failed(_option, _path, e);
        }
    }

    public void Dispose()
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        try
        {
            _stream.Dispose();
        }
        finally
        {
            // Also when the last bytes have no place on the disk.
            if (_beside != _path)
            {
                File.Delete(_beside);
            }
        }
    }

    private static bool IsDevice(string path)
    {
        string full = Path.GetFullPath(path);
        return !OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal)
            && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

    private static bool IsOfFiles(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static WorkFailedException Failed(string option, string path, Exception e) =>
        new($"{option}: {WriteFailure.OfFile(path, e)}", e);
}
