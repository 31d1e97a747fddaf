namespace Shoal.Core.Content;

/// <summary>What names a target folder can hold.</summary>
public sealed record LocalNameRules
{
    /// <summary>
    /// The longest name below the folder, in bytes of UTF-8: systems limit whole paths, so a deep folder has
    /// less room. At least <see cref="EntryName.MostSegmentBytes"/>; by default <see
    /// cref="EntryName.MostBytes"/>.
    /// </summary>
    public int MostBytes { get; init; } = EntryName.MostBytes;

    /// <summary>
    /// Whether characters that Windows cannot have in names become <c>_</c>; false by default.
    /// </summary>
    public bool IsForWindows { get; init; }
}
