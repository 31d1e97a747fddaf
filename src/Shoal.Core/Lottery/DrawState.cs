namespace Shoal.Core.Lottery;

/// <summary>Open, then held; only a re-opening leads back, to the next revision.</summary>
public enum DrawState
{
    /// <summary>Agencies that have not closed may store batches.</summary>
    Open,

    /// <summary>Everybody has closed; the winners are known and never change in this revision.</summary>
    Held,
}
