using Shoal.Core.Lottery;

namespace Shoal.Hosts.Agency;

/// <summary>What became of an attempt to get in touch with a hub.</summary>
internal abstract record AgencyDialResult
{
    private AgencyDialResult()
    {
    }

    /// <summary>The link is open.</summary>
    /// <param name="Link">The link; the caller's to dispose of.</param>
    /// <param name="Stored">What the hub has of this agency; null: the protocol does not tell.</param>
    public sealed record Open(IAgencyLink Link, BroughtCounts? Stored) : AgencyDialResult;

    /// <summary>It is not, for now.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Failed(string Reason) : AgencyDialResult;

    /// <summary>The hub does not take this agency.</summary>
    /// <param name="Reason">Why, for people.</param>
    public sealed record Refused(string Reason) : AgencyDialResult;
}
