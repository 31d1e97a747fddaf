using System.Buffers;
using System.Text;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A connection on which a test says every byte itself, as far as it likes.</summary>
internal sealed class RawLink : IDisposable
{
    private const string Placeholder = "~";

    private readonly TransportConnection _connection;

    private RawLink(TransportConnection connection) => _connection = connection;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A connection on which nothing was said yet.</summary>
    public static async Task<RawLink> DialAsync(ITransport network, EndpointText address) =>
        new(Assert.IsType<DialResult.Connected>(await network.DialAsync(address, Stop)).Connection);

    /// <summary>A connection behind its handshake.</summary>
    public static async Task<RawLink> GreetAsync(ITransport network, EndpointText address, EndRole self, EndRole other)
    {
        var dialer = new Dialer(network, new HandshakeOptions { Role = self, Expected = other });
        return new RawLink(Assert.IsType<DialResult.Connected>(await dialer.DialAsync(address, Stop)).Connection);
    }

    /// <summary>A member's connection with a hub, behind its join.</summary>
    public static async Task<RawLink> JoinAsync(ITransport network, EndpointText hub, string name)
    {
        RawLink link = await GreetAsync(network, hub, EndRole.Member, EndRole.Hub);
        await link.SayAsync(new MemberMessage.Join(
            "films", new PeerId(0, (ulong)Random.Shared.NextInt64()), name, [], default, 0, 0, null, null));
        return link;
    }

    /// <summary>A connection with a peer, behind the introduction.</summary>
    public static async Task<RawLink> MeetAsync(ITransport network, EndpointText address, PeerId self, PeerId other)
    {
        var options = new HandshakeOptions { Role = EndRole.Peer, Expected = EndRole.Peer };
        RawLink link = await GreetAsync(network, address, EndRole.Peer, EndRole.Peer);
        Assert.IsType<GreetingResult.Met>(await PeerGreeting.InitiateAsync(
            link._connection, new PeerIntroduction("films", self, other), options, Stop));
        return link;
    }

    /// <summary>The bytes of a message's only frame.</summary>
    public static byte[] Frame(MemberMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        EncodeCursor cursor = default;
        Assert.False(MemberCodec.EncodeNext(message, ref cursor, output));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of all frames of a message.</summary>
    public static byte[] Frames(MemberMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        EncodeCursor cursor = default;
        while (MemberCodec.EncodeNext(message, ref cursor, output))
        {
        }

        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Frame(MemberMessage)"/>
    public static byte[] Frame(HubMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        EncodeCursor cursor = default;
        Assert.False(HubCodec.EncodeNext(message, ref cursor, output));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>An empty folder that can be put into a share, to get another name in its frame.</summary>
    public static SharedEntry FolderFor(string name) =>
        new SharedEntry.Folder(EntryName.Parse(string.Concat(
            Enumerable.Repeat(Placeholder, Encoding.UTF8.GetByteCount(name)))));

    /// <summary>Puts a name that no honest end would send in the place of that of <see cref="FolderFor"/>.</summary>
    public static byte[] Rename(byte[] frame, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int at = frame.AsSpan().IndexOf(Enumerable.Repeat((byte)Placeholder[0], bytes.Length).ToArray());
        Assert.InRange(at, 0, frame.Length);
        bytes.CopyTo(frame, at);
        return frame;
    }

    public Task SayAsync(MemberMessage message) => SayAsync(Frame(message));

    public async Task SayAsync(params byte[] bytes)
    {
        try
        {
            await _connection.Stream.WriteAsync(bytes, Stop);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has been cut off.
        }
    }

    /// <summary>Says that nothing more will come, even in the middle of something.</summary>
    public void FinishSending() => _connection.FinishSending();

    /// <summary>Listens until the other end closes.</summary>
    /// <returns>All that came, as far as it is text.</returns>
    public async Task<string> EndedAsync()
    {
        var heard = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await _connection.Stream.ReadAsync(buffer, Stop).AsTask().WaitAsync(Limits.Wait, Stop)) > 0)
            {
                heard.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // That too is an end.
        }

        return Encoding.UTF8.GetString(heard.ToArray());
    }

    public void Dispose() => _connection.Dispose();
}
