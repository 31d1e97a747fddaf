using Shoal.Core.Lottery;
using Shoal.Core.Wire.Lottery;
using Shoal.Net.Transport;

namespace Shoal.Hosts.Agency;

/// <summary>Gets in touch with a hub over the text protocol.</summary>
internal sealed class TextDialer(AgencyOptions options, ITransport transport, TimeProvider time) : IAgencyDialer
{
    public BetFault? FaultOf(Bet bet) => AgencyTextCodec.FaultOf(bet);

    public async Task<AgencyDialResult> DialAsync(
        Func<AgencyEvent, ValueTask> tell, Action<Exception> broken, CancellationToken cancellationToken) =>
        await transport.DialAsync(options.Hub, cancellationToken) switch
        {
            DialResult.Connected connected => new AgencyDialResult.Open(
                new TextLink(connected.Connection, options, time, tell), Stored: null),
            DialResult.Failed failed => new AgencyDialResult.Failed(failed.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
