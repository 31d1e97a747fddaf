using Shoal.Core.Roster;
using Shoal.Net.Transport;

namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// A network in which what comes from one host over dialled connections waits at a valve, which lets so many bytes
/// through; all of them at first.
/// </summary>
internal sealed class ValveTransport(ITransport inner, string host) : ITransport
{
    /// <summary>More than anybody sends.</summary>
    public const long Wide = long.MaxValue / 2;

    private readonly Lock _gate = new();
    private long _open = Wide;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets so many bytes through from now on.</summary>
    public void Let(long bytes)
    {
        lock (_gate)
        {
            _open = bytes;
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public ValueTask<ITransportListener> ListenAsync(EndpointText endpoint, CancellationToken cancellationToken) =>
        inner.ListenAsync(endpoint, cancellationToken);

    public async ValueTask<DialResult> DialAsync(EndpointText endpoint, CancellationToken cancellationToken)
    {
        DialResult result = await inner.DialAsync(endpoint, cancellationToken);
        return endpoint.Host == host && result is DialResult.Connected { Connection: var connection }
            ? new DialResult.Connected(new TransportConnection(
                new Valve(connection.Stream, this), connection.Local, connection.Remote, connection.FinishSending))
            : result;
    }

    private async ValueTask<int> TakeAsync(int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                int taken = (int)Math.Min(most, _open);
                if (taken > 0)
                {
                    _open -= taken;
                    return taken;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Return(int bytes)
    {
        lock (_gate)
        {
            _open += bytes;
        }
    }

    private sealed class Valve(Stream inner, ValveTransport owner) : CarriedStream(inner)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // An empty read takes nothing, and only waits until something is there.
            int most = buffer.IsEmpty ? 0 : await owner.TakeAsync(buffer.Length, cancellationToken);
            int read = await base.ReadAsync(buffer[..most], cancellationToken);
            owner.Return(most - read);
            return read;
        }
    }
}
