using System.Collections.Immutable;

namespace Shoal.Core.Lottery;

/// <summary>How a draw stands.</summary>
/// <param name="Terms">Its terms.</param>
/// <param name="State">Open or held.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Agencies">What is stored of each agency, by rising numbers.</param>
public sealed record DrawStanding(
    DrawTerms Terms, DrawState State, int Revision, ImmutableArray<AgencySnapshot> Agencies);
