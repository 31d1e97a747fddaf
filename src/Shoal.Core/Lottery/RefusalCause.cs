namespace Shoal.Core.Lottery;

/// <summary>Why the lottery refuses something, for programs.</summary>
public enum RefusalCause
{
    /// <summary>There is no such draw, or the agency is not on its roster.</summary>
    NotFound,

    /// <summary>Batches before this one are not stored yet.</summary>
    OutOfOrder,

    /// <summary>Another batch is stored under its number.</summary>
    OtherContent,

    /// <summary>Another conversation of the agency has stored more.</summary>
    Overtaken,

    /// <summary>The agency has closed.</summary>
    Sealed,

    /// <summary>The agency's counts are not those of what is stored.</summary>
    Counts,
}
