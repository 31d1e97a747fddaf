namespace Shoal.Cli.Shell;

/// <summary>Where the lines of a session come from.</summary>
internal interface ILineSource
{
    /// <summary>The next line, without its end; null: there is none.</summary>
    ValueTask<string?> ReadAsync(CancellationToken cancellation);
}
