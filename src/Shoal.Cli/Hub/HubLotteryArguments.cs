using Shoal.Core.Lottery;
using Shoal.Core.Roster;

namespace Shoal.Cli.Hub;

/// <summary>What <c>shoal hub</c> was told about its lottery.</summary>
/// <param name="Listen">Where it listens for the text protocol.</param>
/// <param name="Terms">The draw that it serves there.</param>
/// <param name="Store">The PostgreSQL database of the bets; null: they lie in the hub's folder.</param>
internal sealed record HubLotteryArguments(EndpointText Listen, DrawTerms Terms, string? Store);
