using Shoal.Core.Roster;

namespace Shoal.Net.Transport;

/// <summary>One end of a connection within the process: a pipe each way.</summary>
internal sealed class InMemoryStream(BytePipe incoming, BytePipe outgoing) : ConnectionStream
{
    /// <summary>Both ends of a new connection, the first one for who dialled.</summary>
    public static (TransportConnection Near, TransportConnection Far) Connect(
        EndpointText near, EndpointText far, int bufferBytes)
    {
        var there = new BytePipe(bufferBytes);
        var back = new BytePipe(bufferBytes);
        return (new TransportConnection(new InMemoryStream(back, there), near, far, there.Finish),
            new TransportConnection(new InMemoryStream(there, back), far, near, back.Finish));
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        incoming.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        outgoing.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // As a socket: what this end has sent can still be read by the other, what it has not read is lost.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            outgoing.Finish();
            incoming.Break();
        }

        base.Dispose(disposing);
    }
}
