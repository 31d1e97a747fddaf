using System.Diagnostics;
using Shoal.Core.Edge;

namespace Shoal.Hosts.Edge;

/// <summary>The words of a tier's log lines.</summary>
internal static class TierWords
{
    /// <summary>What kind of transfer it is.</summary>
    public static string Of(TransferKind kind) => kind switch
    {
        TransferKind.Fill => "fill",
        TransferKind.Delivery => "delivery",
        TransferKind.Direct => "direct",
        _ => throw new UnreachableException(),
    };
}
