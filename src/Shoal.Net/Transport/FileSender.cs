using System.Net.Sockets;

namespace Shoal.Net.Transport;

/// <summary>
/// Sends ranges of files over a socket without a copy of them in the process (sendfile(2)). One caller at a time, and
/// nothing else is written to the socket meanwhile.
/// </summary>
public sealed class FileSender
{
    private readonly Socket _socket;
    private SocketAsyncEventArgs? _arguments;
    private TaskCompletionSource<SocketError>? _sent;

    internal FileSender(Socket socket) => _socket = socket;

    /// <summary>Hands a range of a file to the link. What is written to the file before it has left goes out.</summary>
    /// <param name="file">The file, opened for asynchronous reading; its position means nothing.</param>
    /// <param name="offset">Where the range begins.</param>
    /// <param name="length">Its length in bytes; positive.</param>
    /// <exception cref="SocketException">The connection is broken, or the disk.</exception>
    /// <exception cref="EndOfStreamException">The file is shorter; some of it may have gone.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    public async ValueTask SendAsync(FileStream file, long offset, int length)
    {
        if (offset + length > file.Length)
        {
            throw new EndOfStreamException("The file is shorter than it was.");
        }

        SocketAsyncEventArgs arguments = _arguments ??= NewArguments();
        arguments.SendPacketsElements = [new SendPacketsElement(file, offset, length)];
        _sent = new TaskCompletionSource<SocketError>();
        SocketError error = _socket.SendPacketsAsync(arguments) ? await _sent.Task : arguments.SocketError;
        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        if (arguments.BytesTransferred < length)
        {
            throw new EndOfStreamException("The file has become shorter.");
        }
    }

    private SocketAsyncEventArgs NewArguments()
    {
        var arguments = new SocketAsyncEventArgs();
        arguments.Completed += (_, ended) => _sent!.SetResult(ended.SocketError);
        return arguments;
    }
}
