using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Bench.Idle;

/// <summary>
/// A member that has nothing, joins over a real connection, and from then on only says that it is there.
/// </summary>
internal sealed class IdlePeer : IAsyncDisposable
{
    private static readonly TimeSpan s_aliveInterval = TimeSpan.FromSeconds(1);

    private readonly FrameConnection<HubMessage, MemberMessage> _connection;
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;

    [SuppressMessage(
        "Reliability", "CA2000:Dispose objects before losing scope", Justification = "The connection owns it.")]
    private IdlePeer(TransportConnection transport)
    {
        _connection = new FrameConnection<HubMessage, MemberMessage>(
            transport, new MemberSide(), new ConnectionOptions());
        _work = Task.WhenAll(ListenAsync(), StayAsync());
    }

    /// <summary>How its connection ended; null: it has not.</summary>
    public string? EndReason => _connection.End?.Reason;

    /// <summary>Joins and waits until the hub has said welcome.</summary>
    /// <param name="hub">Where the hub is.</param>
    /// <param name="number">Which of the idle peers this is.</param>
    /// <param name="expect">How many members it waits for: more than will come, so that nothing ever starts.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BenchFailure">The hub will not have it.</exception>
    public static async Task<IdlePeer> JoinAsync(
        EndpointText hub, int number, int expect, CancellationToken cancellation)
    {
        var dialer = new Dialer(
            new TcpTransport(new TcpOptions()),
            new HandshakeOptions { Role = EndRole.Member, Expected = EndRole.Hub });
        DialResult dialled = await dialer.DialAsync(hub, cancellation);
        if (dialled is not DialResult.Connected connected)
        {
            throw new BenchFailure($"Idle peer {number}: {(dialled as DialResult.Failed)?.Reason}");
        }

        var peer = new IdlePeer(connected.Connection);
        string name = string.Create(CultureInfo.InvariantCulture, $"idle{number}");
        peer._connection.Send(new MemberMessage.Join(
            "idle", new PeerId(0, (ulong)number), name, ["127.0.0.1:1"], default, expect, 0, null, null));
        peer._connection.Send(new MemberMessage.Hold([]));
        peer._connection.Send(new MemberMessage.Ready());
        await peer._welcomed.Task.WaitAsync(cancellation);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _connection.DisposeAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _connection.ReceiveAsync(CancellationToken.None) is { Kind: ReceivedKind.Message } received)
        {
            if (received.Message is HubMessage.Welcome)
            {
                _welcomed.TrySetResult();
            }
        }

        _welcomed.TrySetException(new BenchFailure($"The hub hung up: {EndReason}"));
    }

    private async Task StayAsync()
    {
        using var timer = new PeriodicTimer(s_aliveInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                _connection.Send(new MemberMessage.Alive());
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
