namespace Shoal.Core.Lottery;

/// <summary>A bet as somebody wrote it: nothing of it is checked yet, and nothing copied.</summary>
/// <param name="agency">The agency's number.</param>
/// <param name="firstName">The player's first name.</param>
/// <param name="lastName">The player's last name.</param>
/// <param name="document">The player's document.</param>
/// <param name="birthDate">The player's birth date.</param>
/// <param name="number">The number that is bet on.</param>
public readonly ref struct BetFields(
    ReadOnlySpan<char> agency, ReadOnlySpan<char> firstName, ReadOnlySpan<char> lastName,
    ReadOnlySpan<char> document, ReadOnlySpan<char> birthDate, ReadOnlySpan<char> number)
{
    /// <summary>The agency's number.</summary>
    public ReadOnlySpan<char> Agency { get; init; } = agency;

    /// <summary>The player's first name.</summary>
    public ReadOnlySpan<char> FirstName { get; init; } = firstName;

    /// <summary>The player's last name.</summary>
    public ReadOnlySpan<char> LastName { get; init; } = lastName;

    /// <summary>The player's document.</summary>
    public ReadOnlySpan<char> Document { get; init; } = document;

    /// <summary>The player's birth date.</summary>
    public ReadOnlySpan<char> BirthDate { get; init; } = birthDate;

    /// <summary>The number that is bet on.</summary>
    public ReadOnlySpan<char> Number { get; init; } = number;
}
