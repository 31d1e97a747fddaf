using Shoal.Core.Lottery;

namespace Shoal.Core.Wire.Lottery;

/// <summary>The fields of a bet, as an export and the requests of agencies name them.</summary>
public static class BetColumns
{
    private static readonly (BetField Field, string Name)[] s_all =
    [
        (BetField.Agency, "agency"),
        (BetField.FirstName, "first_name"),
        (BetField.LastName, "last_name"),
        (BetField.Document, "document"),
        (BetField.BirthDate, "birthdate"),
        (BetField.Number, "number"),
    ];

    /// <summary>The name of a field.</summary>
    public static string NameOf(BetField field) => s_all[(int)field].Name;

    /// <summary>The field of a name; null: there is none.</summary>
    public static BetField? FieldOf(string? name)
    {
        int at = Array.FindIndex(s_all, one => one.Name == name);
        return at < 0 ? null : s_all[at].Field;
    }
}
