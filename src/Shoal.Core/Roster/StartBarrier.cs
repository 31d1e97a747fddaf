namespace Shoal.Core.Roster;

/// <summary>
/// Opens once, when as many members are ready as the largest number that anybody declared. Where nobody declared one,
/// two are enough: one alone has nothing to exchange.
/// </summary>
public sealed class StartBarrier
{
    private const int FewestUndeclared = 2;

    private int _declared;

    /// <summary>Whether the barrier has opened; it never closes again.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How many ready members it waits for.</summary>
    public int Threshold => _declared > 0 ? _declared : FewestUndeclared;

    /// <summary>Takes what a member declared; 0 or less declares nothing.</summary>
    public void Declare(int members) => _declared = Math.Max(_declared, members);

    /// <summary>Opens the barrier if enough members are ready; true if it opened just now.</summary>
    public bool TryOpen(int readyMembers)
    {
        if (IsOpen || readyMembers < Threshold)
        {
            return false;
        }

        IsOpen = true;
        return true;
    }

    /// <summary>Opens the barrier whatever it waits for: somebody has seen it open before.</summary>
    public void Force() => IsOpen = true;
}
