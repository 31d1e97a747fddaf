namespace Shoal.Cli.Frame;

/// <summary>What the program answers to its caller.</summary>
internal static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>
    /// The work failed, or was stopped before it was done; also where a file that a flag names cannot be read, or does
    /// not hold what it should.
    /// </summary>
    public const int Failed = 1;

    /// <summary>
    /// The command line was wrong, or what the environment or a file of settings put in its place; nothing was begun.
    /// </summary>
    public const int Usage = 2;
}
