namespace Shoal.Cli.Conform;

/// <summary>What <c>shoal conform</c> was told.</summary>
/// <param name="Host">The directory's host.</param>
/// <param name="Port">Its port.</param>
internal sealed record ConformArguments(string Host, int Port);
