namespace Shoal.Core.Roster;

/// <summary>When a peer's chunks go through the hub.</summary>
public enum RelayUse
{
    /// <summary>Where it and another peer cannot open a connection, in either direction.</summary>
    Auto,

    /// <summary>Always: it neither dials nor listens for peers.</summary>
    Always,

    /// <summary>Never: whom it cannot reach it exchanges nothing with.</summary>
    Never,
}
