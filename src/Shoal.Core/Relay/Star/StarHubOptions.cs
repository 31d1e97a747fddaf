using Shoal.Core.Time;

namespace Shoal.Core.Relay.Star;

/// <summary>How a hub keeps the system clock.</summary>
public sealed record StarHubOptions
{
    /// <summary>
    /// What each member's link takes, in the order of joining. The clock starts with exactly as many members.
    /// </summary>
    public required CostModel Costs { get; init; }

    /// <summary>For how many deliveries one upload is good. Default: <see cref="StarMode.Strict"/>.</summary>
    public StarMode Mode { get; init; }

    /// <summary>
    /// Who has not answered an order for so long, on the wall, is disconnected; half a minute by default. What it was
    /// to bring is then asked of others.
    /// </summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);
}
