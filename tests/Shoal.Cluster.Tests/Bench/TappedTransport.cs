using System.Text;
using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// Keeps what is sent over the connections that are dialled through it, one text a connection; and holds dials up.
/// </summary>
internal sealed class TappedTransport(ITransport inner) : ITransport
{
    private readonly Lock _gate = new();
    private readonly List<MemoryStream> _sent = [];

    /// <summary>Until then who wants to dial has to wait; nobody has to at first.</summary>
    public Task MayDial { get; set; } = Task.CompletedTask;

    /// <summary>What was sent since the last look, on the connections on which something was.</summary>
    public string[] Take()
    {
        lock (_gate)
        {
            MemoryStream[] spoken = [.. _sent.Where(sent => sent.Length > 0)];
            _sent.RemoveAll(spoken.Contains);
            return [.. spoken.Select(sent => Encoding.UTF8.GetString(sent.ToArray()))];
        }
    }

    public ValueTask<ITransportListener> ListenAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        inner.ListenAsync(endpoint, cancellationToken);

    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        await MayDial.WaitAsync(cancellationToken);
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
            new Tap(connection.Stream, bytes => Note(sent, bytes)), connection.Local, connection.Remote,
            connection.FinishSending));
    }

    private void Note(MemoryStream sent, ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            sent.Write(bytes.Span);
        }
    }

    private sealed class Tap(Stream inner, Action<ReadOnlyMemory<byte>> note) : CarriedStream(inner)
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            note(buffer);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
