using System.Threading.Channels;

namespace Shoal.Cli.Rendering;

/// <summary>
/// Lines that are printed behind the backs of those who have them: whoever reads them slowly, or not at all, delays
/// nobody. What finds the queue full is not printed.
/// </summary>
internal sealed class LineQueue : IAsyncDisposable
{
    /// <summary>Lines that may wait to be printed.</summary>
    public const int MostQueued = 16 * 1024;

    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _queue = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly TextWriter _writer;
    private readonly Task _printing;

    /// <summary>A queue with nothing in it.</summary>
    /// <param name="writer">Where lines go; others may write there too.</param>
    public LineQueue(TextWriter writer)
    {
        _writer = writer;
        _printing = Task.Run(PrintAsync);
    }

    /// <summary>Puts a line into the queue, if there is room.</summary>
    public void Add(string line) => _queue.Writer.TryWrite(line);

    /// <summary>Prints what is left, if it is taken in time.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAny(_printing, Task.Delay(s_lastWords));
    }

    private async Task PrintAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                while (_queue.Reader.TryRead(out string? line))
                {
                    _writer.WriteLine(line);
                }

                _writer.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody reads them any more, and the work goes on without.
            _queue.Writer.TryComplete();
        }
    }
}
