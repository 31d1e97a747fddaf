namespace Shoal.Core.Lottery;

/// <summary>The fields of a bet.</summary>
public enum BetField
{
    /// <summary>The agency's number.</summary>
    Agency,

    /// <summary>The player's first name.</summary>
    FirstName,

    /// <summary>The player's last name.</summary>
    LastName,

    /// <summary>The player's document.</summary>
    Document,

    /// <summary>The player's birth date.</summary>
    BirthDate,

    /// <summary>The number that is bet on.</summary>
    Number,
}

/// <summary>Why a bet is none.</summary>
/// <param name="Field">The first field that breaks a rule.</param>
/// <param name="Reason">What is wrong with it, for people: a phrase that follows the field's name.</param>
public sealed record BetFault(BetField Field, string Reason)
{
    /// <summary>The field's name and the reason.</summary>
    public override string ToString() => $"{NameOf(Field)} {Reason}";

    private static string NameOf(BetField field) => field switch
    {
        BetField.Agency => "agency",
        BetField.FirstName => "first name",
        BetField.LastName => "last name",
        BetField.Document => "document",
        BetField.BirthDate => "birth date",
        _ => "number",
    };
}
