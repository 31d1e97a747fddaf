using System.Text;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>Keeps what is sent over the connections that are dialled through it, one text a connection.</summary>
internal sealed class TappedTransport(ITransport inner) : ITransport
{
    private readonly Lock _gate = new();
    private readonly List<MemoryStream> _sent = [];

    /// <summary>What was sent since the last look.</summary>
    public string[] Take()
    {
        lock (_gate)
        {
            string[] all = [.. _sent.Select(sent => Encoding.UTF8.GetString(sent.ToArray()))];
            _sent.Clear();
            return all;
        }
    }

    public ValueTask<ITransportListener> ListenAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        inner.ListenAsync(endpoint, cancellationToken);

    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        DialResult result = await inner.DialAsync(endpoint, cancellationToken);
        if (result is not DialResult.Connected { Connection: var connection })
        {
            return result;
        }

        var sent = new MemoryStream();
        lock (_gate)
        {
            _sent.Add(sent);
        }

        return new DialResult.Connected(new TransportConnection(
            new Tap(connection.Stream, sent), connection.Local, connection.Remote, connection.FinishSending));
    }

    private sealed class Tap(Stream inner, MemoryStream sent) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sent.Write(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
