using System.Runtime.InteropServices;

namespace Shoal.Cli.Frame;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP, and the end of a leash, into a cancellation. A command that has not
/// ended some seconds later, or is asked by a second signal, is ended by force.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    /// <summary>How long a command may take to stop.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(4.8);

    /// <summary>Requests as near as this are one: <c>timeout</c> asks the process, and then all of its kind.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromMilliseconds(300);

    private const long Never = long.MinValue;

    private readonly CancellationTokenSource _source;
    private readonly TextWriter _error;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<int> _exit;
    private readonly TimeProvider _time;
    private ITimer? _grace;
    private int _begun;
    private long _askedAt = Never;

    public StopSignal(
        TextWriter error, CancellationToken outer, TimeProvider? time = null, Action<int>? exit = null)
    {
        _error = error;
        _exit = exit ?? Environment.Exit;
        _time = time ?? TimeProvider.System;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    /// <summary>Cancelled when the command shall stop.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _grace?.Dispose();
        _source.Dispose();
    }

    /// <summary>Asks the command to stop.</summary>
    internal void Ask()
    {
        long now = _time.GetTimestamp();
        long first = Interlocked.CompareExchange(ref _askedAt, now, Never);
        if (first == Never)
        {
            Begin();
        }
        else if (_time.GetElapsedTime(first, now) >= Together)
        {
            Force("asked twice: stopped at once.");
        }
    }

    /// <summary>Stops the command at the end of its leash.</summary>
    internal void Follow(Leash leash) => leash.Follow(Begin);

    private void Begin()
    {
        // The end of the leash and a signal often come together, and are one request.
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _grace = _time.CreateTimer(
                _ => Force("did not stop in time: stopped by force."), null, Grace, Timeout.InfiniteTimeSpan);
            _source.Cancel();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Ask();
    }

    private void Force(string why)
    {
        _error.WriteLine($"shoal: {why}");
        _exit(ExitCode.Failed);
    }
}
