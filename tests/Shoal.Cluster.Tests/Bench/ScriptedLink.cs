using System.Collections.Concurrent;
using Shoal.Core.Content;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Net.Frames;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>A connection of a <see cref="ScriptedPeer"/> with another member.</summary>
internal sealed class ScriptedLink : IChunkSource
{
    private readonly ScriptedPeer _self;

    public ScriptedLink(ScriptedPeer self, PeerId other, TransportConnection transport)
    {
        _self = self;
        Other = other;
        Heard = new Heard<PeerMessage>($"{self.Name} from {other.Brief}");
        Connection = new FrameConnection<PeerMessage, PeerMessage>(
            transport, new PeerSide(), new ConnectionOptions(), this);
    }

    public PeerId Other { get; }

    public FrameConnection<PeerMessage, PeerMessage> Connection { get; }

    public Heard<PeerMessage> Heard { get; }

    /// <summary>The chunks that came, without their bytes.</summary>
    public ConcurrentQueue<ChunkRef> Chunks { get; } = new();

    public async Task RunAsync()
    {
        while (true)
        {
            Received<PeerMessage> received = await Connection.ReceiveAsync(CancellationToken.None);
            switch (received)
            {
                case { Kind: ReceivedKind.Chunk }:
                    Chunks.Enqueue(received.Chunk.Chunk);
                    break;
                case { Message: PeerMessage.Request request }:
                    Answer(request);
                    Heard.Add(request);
                    break;
                case { Message: { } message }:
                    Heard.Add(message);
                    break;
                default:
                    Heard.End();
                    await Connection.DisposeAsync();
                    return;
            }
        }
    }

    ValueTask<bool> IChunkSource.ReadAsync(
        ChunkRef chunk, int offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _self.Serve(chunk)!.Value.Slice(offset, buffer.Length).CopyTo(buffer);
        return ValueTask.FromResult(true);
    }

    void IChunkSource.Ended(ChunkRef chunk, UploadOutcome outcome)
    {
    }

    private void Answer(PeerMessage.Request request)
    {
        foreach (ChunkRef chunk in request.Chunks)
        {
            if (_self.Serve(chunk) is { } bytes)
            {
                Connection.Upload(new ChunkHeader(chunk, bytes.Length));
            }
        }
    }
}
