namespace Shoal.Hosts.Common;

/// <summary>
/// The way to another peer: dials, and dials again with backoff, until it is connected or wanted no longer. Only one
/// loop may tell it what to do.
/// </summary>
internal sealed class PeerDialing(TaskScope tasks, TimeProvider time, CancellationToken stopping)
{
    private readonly Backoff _backoff = Backoff.OfDialling();
    private CancellationTokenSource? _stop;

    /// <summary>Whether it was begun and not stopped since.</summary>
    public bool IsUnderWay => _stop is not null;

    /// <summary>Dials at once, and no longer as before.</summary>
    /// <param name="connect">One attempt, which tells whoever must know that it failed; true: it is connected.</param>
    public void Begin(Func<CancellationToken, Task<bool>> connect) => Begin(connect, TimeSpan.Zero);

    /// <summary>
    /// Dials again after a connection; almost at once only if that lasted: who hangs up at once is not to be dialled in
    /// a circle.
    /// </summary>
    /// <inheritdoc cref="Begin(Func{CancellationToken, Task{bool}})"/>
    /// <param name="lasted">How long it was connected.</param>
    public void BeginAgain(Func<CancellationToken, Task<bool>> connect, TimeSpan lasted)
    {
        if (lasted > Backoff.LongestDialPause)
        {
            _backoff.Reset();
        }

        Begin(connect, _backoff.Next());
    }

    /// <summary>It is connected, or wanted no longer.</summary>
    public void Stop()
    {
        _stop?.Cancel();
        _stop?.Dispose();
        _stop = null;
    }

    private void Begin(Func<CancellationToken, Task<bool>> connect, TimeSpan pause)
    {
        Stop();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        CancellationToken stop = _stop.Token;
        tasks.Run(() => DialAsync(connect, pause, stop));
    }

    private async Task DialAsync(
        Func<CancellationToken, Task<bool>> connect, TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, time, cancellationToken);
        while (!await connect(cancellationToken))
        {
            await Task.Delay(_backoff.Next(), time, cancellationToken);
        }
    }
}
