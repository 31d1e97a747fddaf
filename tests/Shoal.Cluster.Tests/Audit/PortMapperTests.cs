using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Shoal.Cluster.Tests.Bench;
using Shoal.Net.Rpc;

namespace Shoal.Cluster.Tests.Audit;

/// <summary>Port mappers that answer, that know nothing, that lose a datagram, that are not there.</summary>
public sealed class PortMapperTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public PortMapperTests() => _datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PortMapperOptions Options => new()
    {
        AskPort = ((IPEndPoint)_datagrams.LocalEndPoint!).Port,
        TellPath = _scratch["socket"],
        AnswerLimit = TimeSpan.FromSeconds(3),
    };

    private PortMapper Mapper => new(Options);

    public void Dispose()
    {
        _datagrams.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(5003, "Found { Port = 5003 }")]
    [InlineData(0, "Failed { Reason = the port mapper of 127.0.0.1 knows no such program }")]
    [InlineData(70000, "Failed { Reason = the port mapper of 127.0.0.1 knows no such program }")]
    public async Task It_is_asked_and_a_lost_datagram_is_sent_again(int port, string result)
    {
        Task<PortResult> asking = Mapper.AskAsync("127.0.0.1", 0x20000099, 1, Stop);
        await ReceiveAsync();
        (byte[] call, EndPoint from) = await ReceiveAsync();
        byte[] reply = new byte[28];
        call.AsSpan(0, 4).CopyTo(reply);
        reply[7] = 1;
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(24), port);
        await _datagrams.SendToAsync(reply, from, Stop);
        Assert.Equal(result, (await asking).ToString());
    }

    [Fact]
    public async Task One_that_never_answers_is_given_up()
    {
        var hasty = new PortMapper(Options with { AnswerLimit = TimeSpan.FromMilliseconds(50) });
        PortResult result = await hasty.AskAsync("127.0.0.1", 0x20000099, 1, Stop);
        Assert.Contains("does not answer", Assert.IsType<PortResult.Failed>(result).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_there_is_said_not_to_be()
    {
        Assert.Contains("there is no port mapper", await Mapper.RegisterAsync(1, 1, 7, Stop), StringComparison.Ordinal);
        int port = ((IPEndPoint)_datagrams.LocalEndPoint!).Port;
        _datagrams.Dispose();
        var mapper = new PortMapper(new PortMapperOptions { AskPort = port });
        Assert.Contains(
            "cannot be asked", Assert.IsType<PortResult.Failed>(await mapper.AskAsync("127.0.0.1", 1, 1, Stop)).Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, "refused")]
    public async Task It_is_told_over_its_socket(byte answer, string? failure)
    {
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(_scratch["socket"]));
        door.Listen();
        Task<string?> telling = Mapper.RegisterAsync(0x20000099, 1, 5003, Stop);
        foreach (byte procedure in new byte[] { 2, 1 })
        {
            using Socket connection = await door.AcceptAsync(Stop);
            byte[] call = new byte[512];
            Assert.InRange(await connection.ReceiveAsync(call, Stop), 44, 200);
            Assert.Equal(procedure, call[27]);
            byte[] reply = new byte[32];
            (reply[0], reply[3], reply[7], reply[11], reply[31]) = (0x80, 28, call[7], 1, answer);
            await connection.SendAsync(reply.AsMemory(0, 10), Stop);
            await connection.SendAsync(reply.AsMemory(10), Stop);
        }

        string? result = await telling;
        Assert.True(failure is null ? result is null : result!.Contains(failure, StringComparison.Ordinal), result);
    }

    private async Task<(byte[] Call, EndPoint From)> ReceiveAsync()
    {
        byte[] buffer = new byte[512];
        SocketReceiveFromResult read = await _datagrams.ReceiveFromAsync(
            buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Stop);
        return (buffer[..read.ReceivedBytes], read.RemoteEndPoint);
    }
}
