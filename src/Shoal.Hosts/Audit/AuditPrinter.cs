using System.Text;
using System.Threading.Channels;
using Shoal.Core.Members;

namespace Shoal.Hosts.Audit;

/// <summary>Prints operations in the order in which they come, and says of each when it is printed.</summary>
internal sealed class AuditPrinter : IAsyncDisposable
{
    /// <summary>Operations that wait to be printed; who brings one more waits.</summary>
    public const int MostQueued = 1024;

    private readonly Channel<Line> _queue = Channel.CreateBounded<Line>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly Action<IReadOnlyList<string>> _print;
    private readonly Task _printing;

    /// <param name="print">Prints lines; an <see cref="IOException"/> says that they are not printed.</param>
    public AuditPrinter(Action<IReadOnlyList<string>> print)
    {
        _print = print;
        _printing = Task.Run(PrintAsync);
    }

    /// <summary>Prints an operation; false: it could not be.</summary>
    public async ValueTask<bool> PrintAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var line = new Line($"{Shown(entry.User)} {Shown(entry.Operation)} {Shown(entry.Stamp)}");
        await _queue.Writer.WriteAsync(line, cancellationToken);
        return await line.Printed.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _printing;
    }

    private async Task PrintAsync()
    {
        var lines = new List<Line>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (lines.Count < MostQueued && _queue.Reader.TryRead(out Line? line))
            {
                lines.Add(line);
            }

            bool isPrinted = TryPrint(lines);
            lines.ForEach(line => line.Printed.TrySetResult(isPrinted));
            lines.Clear();
        }
    }

    private bool TryPrint(List<Line> lines)
    {
        try
        {
            _print([.. lines.Select(line => line.Text)]);
            return true;
        }
        catch (IOException)
        {
            // Their callers are told, and keep them.
            return false;
        }
    }

    // Whoever calls can write anything: a line stays one, and moves no cursor.
    private static string Shown(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text);
        for (int i = 0; i < shown.Length; i++)
        {
            if (char.IsControl(shown[i]))
            {
                shown[i] = '\uFFFD';
            }
        }

        return shown.ToString();
    }

    private sealed class Line(string text)
    {
        public string Text { get; } = text;

        public TaskCompletionSource<bool> Printed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
