using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Rpc;

namespace Shoal.Net.Rpc;

/// <summary>Asks port mappers of other machines, and tells this machine's.</summary>
public sealed class PortMapper(PortMapperOptions options)
{
    private const int MostReplyBytes = 512;

    /// <summary>Asks a machine, with a datagram, at which TCP port a program is.</summary>
    public async Task<PortResult> AskAsync(
        string host, uint program, uint version, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            var address = new IPEndPoint(addresses[0], options.AskPort);
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(address, cancellationToken);
            for (uint attempt = 1; attempt <= options.Attempts; attempt++)
            {
                if (await TryAskAsync(socket, attempt, program, version, cancellationToken) is { } port)
                {
                    return port is > 0 and <= ushort.MaxValue
                        ? new PortResult.Found((int)port)
                        : new PortResult.Failed($"the port mapper of {host} knows no such program");
                }
            }

            return new PortResult.Failed($"the port mapper of {host} does not answer");
        }
        catch (SocketException e)
        {
            return new PortResult.Failed($"the port mapper of {host} cannot be asked: {e.Message}");
        }
    }

    /// <summary>Tells this machine's port mapper where a program is; null: it is told, else why not.</summary>
    public async Task<string?> RegisterAsync(
        uint program, uint version, int port, CancellationToken cancellationToken)
    {
        // What an earlier run left behind, if it was killed.
        await TellAsync(output => PortMapperCodec.EncodeUnset(output, 1, program, version), cancellationToken);
        return await TellAsync(
            output => PortMapperCodec.EncodeSet(output, 1, program, version, port), cancellationToken);
    }

    /// <summary>Tells this machine's port mapper that a program is gone.</summary>
    public Task<string?> UnregisterAsync(uint program, uint version, CancellationToken cancellationToken) =>
        TellAsync(output => PortMapperCodec.EncodeUnset(output, 1, program, version), cancellationToken);

    private async Task<uint?> TryAskAsync(
        Socket socket, uint id, uint program, uint version, CancellationToken cancellationToken)
    {
        var call = new ArrayBufferWriter<byte>();
        PortMapperCodec.EncodeAsk(call, id, program, version);
        using var limit = new Deadline(options.AnswerLimit, options.Time, cancellationToken);
        try
        {
            await socket.SendAsync(call.WrittenMemory, limit.Token);
            byte[] buffer = new byte[MostReplyBytes];
            while (true)
            {
                int read = await socket.ReceiveAsync(buffer, limit.Token);
                if (RpcCodec.DecodeReply(buffer.AsMemory(0, read)) is { } reply && reply.Id == id)
                {
                    return PortMapperCodec.DecodeResult(reply) ?? 0;
                }
            }
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return null;
        }
    }

    // Port mappers believe only a local socket, which shows them who speaks.
    private async Task<string?> TellAsync(Action<IBufferWriter<byte>> encode, CancellationToken cancellationToken)
    {
        var record = new ArrayBufferWriter<byte>();
        encode(record);
        var call = new ArrayBufferWriter<byte>();
        RecordMark.Encode(call, record.WrittenSpan);
        using var limit = new Deadline(options.AnswerLimit, options.Time, cancellationToken);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.TellPath), limit.Token);
            await socket.SendAsync(call.WrittenMemory, limit.Token);
            byte[] buffer = new byte[MostReplyBytes];
            int filled = 0;
            while (filled < buffer.Length)
            {
                int read = await socket.ReceiveAsync(buffer.AsMemory(filled), limit.Token);
                filled += read;
                var input = new ReadOnlySequence<byte>(buffer, 0, filled);
                DecodeStatus status = RecordMark.TryDecode(ref input, MostReplyBytes, out byte[] reply);
                if (status == DecodeStatus.Done)
                {
                    return RpcCodec.DecodeReply(reply) is { } answer && PortMapperCodec.DecodeResult(answer) == 1
                        ? null
                        : "the port mapper refused it";
                }

                if (status == DecodeStatus.Invalid || read == 0)
                {
                    break;
                }
            }

            return "the port mapper said nothing of use";
        }
        catch (SocketException e)
        {
            return $"there is no port mapper at {options.TellPath}: {e.Message}";
        }
        catch (OperationCanceledException) when (limit.HasPassed)
        {
            return "the port mapper does not answer";
        }
    }
}
