namespace Shoal.Core.Lottery;

/// <summary>A bet that keeps every rule of <see cref="BetRules"/>.</summary>
/// <param name="Agency">Who took it.</param>
/// <param name="FirstName">The player's first name.</param>
/// <param name="LastName">The player's last name.</param>
/// <param name="Document">The player's document: digits, as they were written.</param>
/// <param name="BirthDate">The player's birth date; not in the future when the bet was taken.</param>
/// <param name="Number">The number that was bet on, from 0 to 9999.</param>
public sealed record Bet(
    AgencyId Agency, string FirstName, string LastName, string Document, DateOnly BirthDate, int Number);
