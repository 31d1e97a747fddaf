using System.Collections.Immutable;
using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>
/// What an agency has while it is in touch with a hub, over either protocol. Answers come as events to whoever opened
/// it; the last of them is that it is lost.
/// </summary>
internal interface IAgencyLink : IAsyncDisposable
{
    /// <summary>Sends a batch, or keeps it for a while so that it can go with the next ones.</summary>
    ValueTask SendBatchAsync(long number, ImmutableArray<Bet> bets, CancellationToken cancellationToken);

    /// <summary>Says that no more bets come.</summary>
    void SendClose(BroughtCounts counts);

    /// <summary>Asks for the winners.</summary>
    void AskWinners();

    /// <summary>Lets go what was sent since the last time.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}

/// <summary>Gets in touch with a hub.</summary>
internal interface IAgencyDialer
{
    /// <summary>What of a bet the protocol cannot carry; null: it carries all.</summary>
    BetFault? FaultOf(Bet bet);

    /// <summary>Opens a link.</summary>
    /// <param name="tell">Takes what the hub answers; waits while too much waits to be taken.</param>
    /// <param name="broken">Told of what nobody foresaw.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<AgencyDialResult> DialAsync(
        Func<AgencyEvent, ValueTask> tell, Action<Exception> broken, CancellationToken cancellationToken);
}
