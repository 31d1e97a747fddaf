namespace Shoal.Core.Lottery;

/// <summary>
/// Where an agency is. Connecting leads to Sending (or, when all is stored and only that, to Closing or Asking);
/// Sending to Closing to Asking to Ended. A lost connection leads from each of them by Pausing to Connecting, and a
/// refusal to Ended.
/// </summary>
public enum AgencyStep
{
    /// <summary>It has not begun, or waits before it tries again.</summary>
    Pausing,

    /// <summary>It gets in touch with the hub.</summary>
    Connecting,

    /// <summary>Batches are on their way.</summary>
    Sending,

    /// <summary>It has said that no more bets come.</summary>
    Closing,

    /// <summary>It waits for the draw.</summary>
    Asking,

    /// <summary>It is done, or has given up.</summary>
    Ended,
}
