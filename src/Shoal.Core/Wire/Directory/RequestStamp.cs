using System.Globalization;

namespace Shoal.Core.Wire.Directory;

/// <summary>The date that a client writes into its requests, told from a name by its pattern alone.</summary>
public static class RequestStamp
{
    /// <summary>The bytes of a date.</summary>
    public const int Bytes = 19;

    /// <summary>A moment as <c>dd/mm/yyyy hh:mm:ss</c>, in the time zone that it has.</summary>
    public static string Of(DateTimeOffset moment) =>
        moment.ToString("dd'/'MM'/'yyyy HH':'mm':'ss", CultureInfo.InvariantCulture);

    /// <summary>Whether a field is <c>dd/mm/yyyy hh:mm:ss</c> or <c>hh:mm:ss dd/mm/yyyy</c>.</summary>
    public static bool Is(ReadOnlySpan<byte> field) =>
        Fits(field, "dd/dd/dddd dd:dd:dd"u8) || Fits(field, "dd:dd:dd dd/dd/dddd"u8);

    private static bool Fits(ReadOnlySpan<byte> field, ReadOnlySpan<byte> pattern)
    {
        if (field.Length != pattern.Length)
        {
            return false;
        }

        for (int i = 0; i < field.Length; i++)
        {
            if (pattern[i] == (byte)'d' ? !char.IsAsciiDigit((char)field[i]) : field[i] != pattern[i])
            {
                return false;
            }
        }

        return true;
    }
}
