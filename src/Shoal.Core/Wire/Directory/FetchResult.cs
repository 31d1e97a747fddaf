namespace Shoal.Core.Wire.Directory;

/// <summary>What came of a request for another user's file. The values are the codes on the wire.</summary>
public enum FetchResult
{
    /// <summary>Its content follows.</summary>
    Found = 0,

    /// <summary>This user offers no such file.</summary>
    NoSuchFile = 1,

    /// <summary>Anything else.</summary>
    Refused = 2,
}
