namespace Shoal.Cli.User;

/// <summary>A publication in a listing.</summary>
/// <param name="User">Whose.</param>
/// <param name="File">Its name.</param>
/// <param name="Description">What is said of it.</param>
internal readonly record struct OfferedRow(string User, string File, string Description)
{
    /// <summary>The row as it is printed; its first cell is what <c>shoal get</c> wants.</summary>
    public string ToText() => TextRow.Of($"{User}/{File}", Description);
}
