namespace Shoal.Cluster.Tests.Bench;

/// <summary>
/// How long tests wait at most. Generous: a test that passes does not wait, and machines may be busy.
/// </summary>
internal static class Limits
{
    /// <summary>For a test that can hang, in milliseconds.</summary>
    public const int Hang = 120_000;

    /// <summary>For a single thing to happen.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    /// <summary>For a whole swarm to end.</summary>
    public static readonly TimeSpan Run = TimeSpan.FromSeconds(120);

    /// <summary>Waits until something holds that cannot be awaited, looking often.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(Wait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It never came to this: {what}.");
            }
        }
    }
}
