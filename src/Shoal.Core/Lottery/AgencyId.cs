using System.Globalization;

namespace Shoal.Core.Lottery;

/// <summary>The number of an agency.</summary>
/// <param name="Value">From 1.</param>
public readonly record struct AgencyId(int Value)
{
    /// <summary>Reads a positive number in decimal digits, without a sign.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AgencyId agency)
    {
        bool ok = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0;
        agency = new AgencyId(ok ? value : 0);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
