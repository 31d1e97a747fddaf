namespace Shoal.Cli.Configuration;

/// <summary>What a flag is set to, for people.</summary>
/// <param name="Flag">The flag, with its dashes.</param>
/// <param name="Values">Its values as they were written; several only of a flag that may be repeated.</param>
/// <param name="Source">Where they come from: <c>flag</c>, <c>default</c>, a variable or a file.</param>
internal sealed record Setting(string Flag, IReadOnlyList<string> Values, string Source)
{
    /// <summary>The source of what was given on the command line.</summary>
    public const string FromFlag = "flag";

    /// <summary>The source of what nobody gave.</summary>
    public const string FromDefault = "default";

    /// <summary>The name in a file: without dashes at its front.</summary>
    public string Key => Flag.TrimStart('-');

    /// <summary>The values without what is secret in them.</summary>
    public IReadOnlyList<string> ShownValues => [.. Values.Select(value => Secrets.Hide(Flag, value))];
}
