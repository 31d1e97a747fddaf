using System.Collections.Immutable;
using Shoal.Core.Exchange;
using Shoal.Core.Roster;
using Shoal.Core.Wire.Exchange;
using Shoal.Core.Wire.Handshake;
using Shoal.Net.Frames;
using Shoal.Net.Handshakes;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Common;

/// <summary>What a hub told of a swarm.</summary>
/// <param name="Heard">All that it said.</param>
/// <param name="Problem">Why it did not say all; null: it did.</param>
/// <param name="IsFinal">Whether another attempt gives the same.</param>
internal sealed record GlanceResult(ImmutableArray<HubMessage> Heard, string? Problem, bool IsFinal);

/// <summary>Asks a hub who is in a swarm and what it has, without joining it.</summary>
internal sealed class HubGlance(
    EndpointText hub, SwarmKey? key, TimeSpan silence, ITransport transport, TimeProvider time)
{
    private readonly Dialer _dialer = new(transport, HandshakeOptions.WithHub(key, time));

    public async Task<GlanceResult> AskAsync(string swarm, CancellationToken cancellationToken)
    {
        DialResult dialled = await _dialer.DialAsync(hub, cancellationToken);
        if (dialled is not DialResult.Connected connected)
        {
            var failed = dialled as DialResult.Failed;
            return new GlanceResult([], failed?.Reason ?? $"no hub at {hub}", failed?.Refusal?.IsFinal() == true);
        }

        await using var connection = new FrameConnection<HubMessage, MemberMessage>(
            connected.Connection, new MemberSide(), new ConnectionOptions { Time = time, SilenceLimit = silence });
        connection.Send(new MemberMessage.Look(swarm));
        var heard = ImmutableArray.CreateBuilder<HubMessage>();
        while (await connection.ReceiveAsync(cancellationToken) is { Message: { } message })
        {
            if (message is HubMessage.Seen)
            {
                return new GlanceResult(heard.ToImmutable(), null, false);
            }

            heard.Add(message);
        }

        return new GlanceResult(
            [], $"the hub at {hub} did not tell: {connection.End?.Reason ?? "closed"}", false);
    }
}
