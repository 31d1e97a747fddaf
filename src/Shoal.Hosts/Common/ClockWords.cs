using Shoal.Core.Exchange;
using Shoal.Core.Time;

namespace Shoal.Hosts.Common;

/// <summary>How log lines under the system clock call things, at hub and peers alike.</summary>
internal static class ClockWords
{
    public static string Of(OccupationKind kind) => kind switch
    {
        OccupationKind.Request => "request",
        OccupationKind.Forward => "forward",
        OccupationKind.Upload => "upload",
        OccupationKind.Deliver => "deliver",
        _ => "finished",
    };

    public static string Of(OrderOutcome outcome) => outcome == OrderOutcome.Done ? "success" : "fail";

    /// <summary>Whose link it crosses, counted from 1.</summary>
    public static int LinkOf(HubMessage.Order order) =>
        order.Kind is OccupationKind.Forward or OccupationKind.Upload ? order.Holder : order.Requester;
}
