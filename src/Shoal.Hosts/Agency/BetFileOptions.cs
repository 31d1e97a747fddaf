using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>How an agency's file is read.</summary>
internal sealed record BetFileOptions
{
    /// <summary>Opens the file at its beginning.</summary>
    public required Func<Stream> Open { get; init; }

    /// <summary>Whose bets they are.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>Bets of a batch; fewer where their names are so long that the batch would become too large.</summary>
    public required int Batch { get; init; }

    /// <summary>Why a bet cannot be sent though it is one; null: it can.</summary>
    public required Func<Bet, BetFault?> FaultOf { get; init; }
}
