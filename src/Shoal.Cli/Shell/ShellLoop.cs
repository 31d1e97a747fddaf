namespace Shoal.Cli.Shell;

/// <summary>Runs line after line until somebody says QUIT, there are no more, or the program is to stop.</summary>
internal static class ShellLoop
{
    /// <returns>How many lines failed.</returns>
    public static async Task<int> RunAsync(
        ILineSource lines, CommandShell shell, Func<string, bool> isIgnored, CancellationToken cancellation)
    {
        int failed = 0;
        try
        {
            while (await lines.ReadAsync(cancellation) is { } line)
            {
                LineOutcome outcome = isIgnored(line)
                    ? LineOutcome.Done
                    : await shell.RunAsync(line, cancellation);
                if (outcome == LineOutcome.Quit)
                {
                    break;
                }

                failed += outcome == LineOutcome.Failed ? 1 : 0;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Somebody wants it to stop: as good as QUIT.
        }

        return failed;
    }
}
