using System.Buffers;
using System.Net.Sockets;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Rpc;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>Sends records of remote procedure calls, right or wrong ones, and reads what comes back.</summary>
internal sealed class RpcCaller : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RpcCaller> DialAsync(EndpointText address)
    {
        var caller = new RpcCaller();
        await caller._client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return caller;
    }

    /// <summary>Sends bytes as they are.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) =>
        _client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Sends a call without credentials.</summary>
    public ValueTask CallAsync(uint id, uint program, uint version, uint procedure, params byte[] arguments)
    {
        var record = new ArrayBufferWriter<byte>();
        RpcCodec.EncodeCall(record, id, program, version, procedure);
        record.Write(arguments);
        var call = new ArrayBufferWriter<byte>();
        RecordMark.Encode(call, record.WrittenSpan);
        return SendAsync(call.WrittenMemory);
    }

    /// <summary>The next reply; null: the other end hung up.</summary>
    public async Task<RpcReply?> ReplyAsync()
    {
        var bytes = new byte[1024];
        int filled = 0;
        while (true)
        {
            var input = new ReadOnlySequence<byte>(bytes, 0, filled);
            if (RecordMark.TryDecode(ref input, bytes.Length, out byte[] record) == DecodeStatus.Done)
            {
                return RpcCodec.DecodeReply(record);
            }

            // One byte at a time, so that the next reply is left alone.
            int read = await _client.GetStream().ReadAsync(
                bytes.AsMemory(filled, 1), TestContext.Current.CancellationToken);
            if (read == 0)
            {
                return null;
            }

            filled += read;
        }
    }

    public void Dispose() => _client.Dispose();
}
