using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Wire.Exchange;
using Shoal.Hosts.Common;
using Shoal.Net.Frames;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Edge;

/// <summary>
/// Lets an origin be found at a hub: it is the only member of a swarm of its own, whose name edges and clients know.
/// </summary>
internal sealed class OriginPost(TierHostOptions options, TierShell shell, ITransport transport)
{
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(2);

    private readonly HubDialing _dialing = new(transport, options.Hub, options.Key, shell.Time, shell.Log);

    private int _order;

    /// <summary>Stays there until it is told to stop, and comes back when the hub does.</summary>
    /// <exception cref="HostException">The hub will not have it, or there is another origin.</exception>
    public async Task RunAsync(ImmutableArray<string> endpoints, CancellationToken cancellationToken)
    {
        if (await _dialing.RunAsync(
            connection => StayAsync(connection, endpoints, cancellationToken), cancellationToken) is { } refusal)
        {
            throw new HostException(refusal);
        }
    }

    private async Task<string?> StayAsync(
        TransportConnection transportConnection, ImmutableArray<string> endpoints, CancellationToken cancellationToken)
    {
        await using var connection = new FrameConnection<HubMessage, MemberMessage>(
            transportConnection, new MemberSide(),
            new ConnectionOptions { SilenceLimit = options.Silence, Time = shell.Time });
        connection.Send(new MemberMessage.Join(
            options.Swarm, shell.Folder.Peer, options.Name, endpoints, default, 0, 0, null, null));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task saying = SayAliveAsync(connection, leaving.Token);
        try
        {
            while (await connection.ReceiveAsync(cancellationToken) is { Message: { } message })
            {
                Hear(message);
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await saying;
        }

        return connection.End?.Reason ?? "closed";
    }

    private void Hear(HubMessage message)
    {
        switch (message)
        {
            case HubMessage.Refuse refuse:
                throw new HostException($"the hub at {options.Hub} will not have this origin: {refuse.Reason}");
            case HubMessage.Welcome welcome:
                _order = welcome.You.JoinOrder;
                break;
            case HubMessage.Joined { Member: { } other } when other.JoinOrder < _order:
                throw new HostException(
                    $"the tier '{options.Tier}' has another origin at this hub: {other.Name}. Stop one of the two, or "
                    + "give this one another --tier.");
            default:
                break;
        }
    }

    private async Task SayAliveAsync(
        FrameConnection<HubMessage, MemberMessage> connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AliveInterval, shell.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                connection.Send(new MemberMessage.Alive());
            }
        }
        catch (OperationCanceledException)
        {
            connection.Send(new MemberMessage.Leave());
        }
    }
}
