namespace Shoal.Core.Wire.Directory;

/// <summary>
/// How replies look. A request does not tell which style its client reads, so a hub is told; a client reads all three.
/// </summary>
public enum DirectoryStyle
{
    /// <summary>The code as a digit and a zero byte.</summary>
    AsciiNul,

    /// <summary>The code as a byte; no descriptions in lists.</summary>
    Raw,

    /// <summary>The code as a digit alone.</summary>
    AsciiBare,
}
