namespace Shoal.Cli.Frame;

/// <summary>What the program answers to its caller.</summary>
internal static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>The work failed, or was stopped before it was done.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong; nothing was begun.</summary>
    public const int Usage = 2;
}
