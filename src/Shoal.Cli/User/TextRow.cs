using Shoal.Cli.Rendering;

namespace Shoal.Cli.User;

/// <summary>A row for people and programs: cells, tabs between them, and nothing that moves a cursor.</summary>
internal static class TextRow
{
    public static string Of(params string[] cells) => string.Join('\t', cells.Select(TextWidth.Clean));
}
