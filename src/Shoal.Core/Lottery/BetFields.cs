namespace Shoal.Core.Lottery;

/// <summary>A bet as somebody wrote it: nothing of it is checked yet.</summary>
/// <param name="Agency">The agency's number.</param>
/// <param name="FirstName">The player's first name.</param>
/// <param name="LastName">The player's last name.</param>
/// <param name="Document">The player's document.</param>
/// <param name="BirthDate">The player's birth date.</param>
/// <param name="Number">The number that is bet on.</param>
public readonly record struct BetFields(
    string Agency, string FirstName, string LastName, string Document, string BirthDate, string Number);
