using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>How far an agency is.</summary>
/// <param name="Step">Where it is.</param>
/// <param name="StoredBets">Bets that the hub is known to have.</param>
/// <param name="InFlight">Batches on their way.</param>
/// <param name="ReadBytes">Bytes of the file that are read.</param>
/// <param name="TotalBytes">Bytes of the file.</param>
/// <param name="BadLines">Lines that are no bets.</param>
public sealed record AgencyProgress(
    AgencyStep Step, long StoredBets, int InFlight, long ReadBytes, long TotalBytes, long BadLines);
