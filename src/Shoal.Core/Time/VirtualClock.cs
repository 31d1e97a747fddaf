namespace Shoal.Core.Time;

/// <summary>A clock of virtual time: it stands still until it is told to go on, and never runs backwards.</summary>
public sealed class VirtualClock
{
    /// <summary>The present reading; zero at the start.</summary>
    public VirtualTime Now { get; private set; }

    /// <summary>Moves the clock forward.</summary>
    /// <param name="time">The new reading.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> lies before <see cref="Now"/>.</exception>
    public void AdvanceTo(VirtualTime time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Now);
        Now = time;
    }
}
