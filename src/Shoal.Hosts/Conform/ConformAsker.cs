using Shoal.Core.Roster;
using Shoal.Net;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Conform;

/// <summary>What came back for a request.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Failure">What went wrong, apart from the bytes; null: nothing.</param>
internal sealed record RawReply(byte[] Bytes, string? Failure);

/// <summary>Sends bytes to a directory and takes what comes back.</summary>
internal sealed class ConformAsker(ITransport transport, ConformOptions options, TimeProvider time)
{
    private const int MostReplyBytes = 16 * 1024 * 1024;
    private const int MoreBytes = 3000;

    /// <summary>Sends a request, and reads until the other end closes or has said all.</summary>
    public async Task<RawReply> AskAsync(byte[] request, SendManner manner, CancellationToken cancellationToken)
    {
        switch (await transport.DialAsync(options.Directory, cancellationToken))
        {
            case DialResult.Connected { Connection: var connection }:
                using (connection)
                {
                    return await TalkAsync(connection, request, manner, cancellationToken);
                }

            case DialResult.Failed failed:
                return new RawReply([], failed.Reason);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>This machine's address as the directory sees it; null: the directory is not there.</summary>
    public async Task<(EndpointText? Address, string? Failure)> FindAsync(CancellationToken cancellationToken)
    {
        DialResult result = await transport.DialAsync(options.Directory, cancellationToken);
        if (result is DialResult.Connected connected)
        {
            connected.Connection.Dispose();
            return (connected.Connection.Local, null);
        }

        return (null, ((DialResult.Failed)result).Reason);
    }

    private async Task<RawReply> TalkAsync(
        TransportConnection connection, byte[] request, SendManner manner, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(connection, request, manner, cancellationToken);
        }
        catch (IOException)
        {
            // It hung up in the middle; what it said before counts.
        }

        using var reply = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (reply.Length < MostReplyBytes)
            {
                TimeSpan limit = reply.Length == 0 ? options.ReplyLimit : options.QuietLimit;
                using var patience = new Deadline(limit, time, cancellationToken);
                int read = await connection.Stream.ReadAsync(buffer, patience.Token);
                if (read == 0)
                {
                    break;
                }

                reply.Write(buffer, 0, read);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Some leave it to the other end to close; who says nothing at all has not answered.
            return new RawReply(
                reply.ToArray(), reply.Length == 0 ? $"no reply within {options.ReplyLimit.TotalSeconds:0.#} s" : null);
        }
        catch (IOException e)
        {
            return new RawReply(reply.ToArray(), $"the connection broke: {e.Message}");
        }

        return new RawReply(reply.ToArray(), null);
    }

    private static async Task SendAsync(
        TransportConnection connection, byte[] request, SendManner manner, CancellationToken cancellationToken)
    {
        switch (manner)
        {
            case SendManner.Drip:
                for (int i = 0; i < request.Length; i++)
                {
                    await connection.Stream.WriteAsync(request.AsMemory(i, 1), cancellationToken);
                }

                break;
            case SendManner.More:
                await connection.Stream.WriteAsync(
                    (byte[])[.. request, .. Enumerable.Repeat((byte)'x', MoreBytes)], cancellationToken);
                break;
            case SendManner.End:
                await connection.Stream.WriteAsync(request, cancellationToken);
                connection.FinishSending();
                break;
            default:
                await connection.Stream.WriteAsync(request, cancellationToken);
                break;
        }
    }
}
