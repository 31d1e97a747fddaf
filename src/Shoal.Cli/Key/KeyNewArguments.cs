namespace Shoal.Cli.Key;

/// <summary>What <c>shoal key new</c> was told.</summary>
/// <param name="File">The file to make; null: print the key.</param>
internal sealed record KeyNewArguments(string? File);
