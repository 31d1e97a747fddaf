namespace Shoal.Core.Wire.Directory;

/// <summary>What may travel at most between a client and a directory, and between two users.</summary>
public static class DirectoryLimits
{
    /// <summary>A field, in bytes, with the zero byte at its end.</summary>
    public const int FieldBytes = 256;

    /// <summary>A whole request: its word, a date, and up to four fields.</summary>
    public const int RequestBytes = 13 + 20 + (4 * FieldBytes);

    /// <summary>Rows of a list that a client reads.</summary>
    public const int Rows = 1_000_000;
}
