using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Shoal.Cli.Logging;

/// <summary>
/// A log file that is written behind the backs of those who log: they put lines into a bounded queue, one task
/// writes them, a few hundredths of a second later. Whoever finds the queue full waits a moment; then the line is
/// dropped, and the file says how many were.
/// </summary>
internal sealed class LogFile : IAsyncDisposable
{
    /// <summary>How many lines may wait to be written.</summary>
    public const int QueueLimit = 16 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    // Lines come one by one, and to be woken for each costs more than to write it.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(20);

    private readonly Channel<string> _queue;
    private readonly Stream _stream;
    private readonly Func<long, string> _droppedLine;
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;
    private readonly TimeSpan _patience;
    private long _dropped;
    private long _reported;

    /// <summary>Writes to a stream, which it closes at the end.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="droppedLine">The line that tells of a number of dropped lines.</param>
    /// <param name="queueLimit">How many lines may wait.</param>
    /// <param name="patience">
    /// How long the writer of a line waits for room in the queue; 100 ms by default.
    /// </param>
    internal LogFile(
        Stream stream, Func<long, string> droppedLine, int queueLimit = QueueLimit, TimeSpan? patience = null)
    {
        _patience = patience ?? s_patience;
        _stream = stream;
        _droppedLine = droppedLine;
        _queue = Channel.CreateBounded<string>(new BoundedChannelOptions(queueLimit)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Why writing ended early, if it did: the disk is full, for example.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Opens a file to append to; its folder is made if absent.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static LogFile Append(string path, Func<long, string> droppedLine)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new LogFile(
            new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 64 * 1024),
            droppedLine);
    }

    /// <summary>Puts a line into the queue.</summary>
    public void Write(string line)
    {
        if (!_queue.Writer.TryWrite(line) && !TryWriteWithPatience(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Writes what is in the queue and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _ending.TrySetResult();
        await _writing;
        await _stream.DisposeAsync();
    }

    private bool TryWriteWithPatience(string line)
    {
        // Logging is synchronous, so this blocks; the bound keeps a slow disk from stopping the exchange.
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = _patience - Stopwatch.GetElapsedTime(start);
            ValueTask<bool> room = _queue.Writer.WaitToWriteAsync();
            bool isOpen = left > TimeSpan.Zero && (room.IsCompleted ? room.Result : room.AsTask().Wait(left));
            if (!isOpen || _queue.Writer.TryWrite(line))
            {
                return isOpen;
            }

            // Another thread was quicker to take the room that there was.
        }
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await using var writer = new StreamWriter(_stream, new UTF8Encoding(false), leaveOpen: true);
            while (await _queue.Reader.WaitToReadAsync())
            {
                while (_queue.Reader.TryRead(out string? line))
                {
                    await writer.WriteLineAsync(line);
                }

                await TellDroppedAsync(writer);
                await writer.FlushAsync();
                await Task.WhenAny(_ending.Task, Task.Delay(s_rest));
            }

            await TellDroppedAsync(writer);
        }
        catch (IOException e)
        {
            // The work goes on without its log; what comes later is dropped by a closed queue.
            Failure = e;
            _queue.Writer.TryComplete();
        }
    }

    private async Task TellDroppedAsync(StreamWriter writer)
    {
        long dropped = Interlocked.Read(ref _dropped);
        if (dropped > _reported)
        {
            await writer.WriteLineAsync(_droppedLine(dropped - _reported));
            _reported = dropped;
        }
    }
}
