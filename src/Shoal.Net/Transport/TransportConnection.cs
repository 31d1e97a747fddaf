using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>
/// Two streams of bytes, one each way, whatever carries them. Its owner disposes of it, once.
/// </summary>
public sealed class TransportConnection : IDisposable
{
    private readonly Action _finishSending;
    private Action? _closed;
    private int _isDisposed;

    /// <summary>A connection over a stream that it owns.</summary>
    /// <param name="stream">Reads what comes, writes what goes.</param>
    /// <param name="local">This end's address.</param>
    /// <param name="remote">The other end's address.</param>
    /// <param name="finishSending">Tells the other end that nothing more will come.</param>
    public TransportConnection(Stream stream, EndpointText local, EndpointText remote, Action finishSending)
    {
        Stream = stream;
        Local = local;
        Remote = remote;
        _finishSending = finishSending;
    }

    /// <summary>Reads what comes, writes what goes.</summary>
    public Stream Stream { get; }

    /// <summary>This end's address.</summary>
    public EndpointText Local { get; }

    /// <summary>The other end's address.</summary>
    public EndpointText Remote { get; }

    /// <summary>Bounds what is under way to this end; null: nothing does.</summary>
    public ReceiveWindow? Window { get; init; }

    /// <summary>Sends from files what need not pass through the process; null: it all must.</summary>
    public FileSender? Files { get; init; }

    /// <summary>
    /// The same connection, as if some bytes had not been read from it yet. It takes the place of this one.
    /// </summary>
    public TransportConnection Return(ReadOnlyMemory<byte> bytes) =>
        new(new ReturnedStream(this, bytes), Local, Remote, FinishSending) { Window = Window, Files = Files };

    /// <summary>Tells the other end that nothing more will come; it can still speak.</summary>
    public void FinishSending() => _finishSending();

    /// <summary>Closes both ways at once; reads and writes under way fail.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Stream.Dispose();
            _closed?.Invoke();
        }
    }

    /// <summary>Who counts open connections is told when this one is closed.</summary>
    internal void WhenClosed(Action closed) => _closed = closed;
}
