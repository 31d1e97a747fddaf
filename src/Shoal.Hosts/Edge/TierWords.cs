using System.Diagnostics;
using System.Globalization;
using Shoal.Core.Edge;
using Shoal.Core.Time;

namespace Shoal.Hosts.Edge;

/// <summary>The words of a tier's log lines.</summary>
internal static class TierWords
{
    /// <summary>The virtual clock in milliseconds; where none is kept, a dash.</summary>
    public static string Of(VirtualTime? clock) =>
        clock?.Milliseconds.ToString("0.######", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>What kind of transfer it is.</summary>
    public static string Of(TransferKind kind) => kind switch
    {
        TransferKind.Fill => "fill",
        TransferKind.Delivery => "delivery",
        TransferKind.Direct => "direct",
        _ => throw new UnreachableException(),
    };
}
