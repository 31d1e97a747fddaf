namespace Shoal.Core.Relay.Star;

/// <summary>For how many deliveries one upload is good.</summary>
public enum StarMode
{
    /// <summary>Each delivery has an upload of its own.</summary>
    Strict,

    /// <summary>One upload is delivered to every peer whose request has arrived by the upload's end.</summary>
    FanOut,
}

/// <summary>Whether the message that ends a transfer costs time.</summary>
public enum FinishedCost
{
    /// <summary>It takes the requester's link for a message.</summary>
    Charged,

    /// <summary>The hub knows at once that a delivery has ended.</summary>
    Free,
}

/// <summary>Who decides what is asked for, and of whom.</summary>
public enum StarPolicy
{
    /// <summary>Holders serve the quotas that the bound gives.</summary>
    Planned,

    /// <summary>Whoever holds a chunk and has the least to do just now serves it.</summary>
    Greedy,

    /// <summary>
    /// Lock step: in round r each peer asks the owner r places behind it, and waits until all have ended the round.
    /// </summary>
    Rounds,
}
