namespace Shoal.Storage.Offers;

/// <summary>What becomes of a file that has the name already under which another is to appear.</summary>
public enum TakenName
{
    /// <summary>The other one takes its place.</summary>
    Replace,

    /// <summary>It stays, and the other one does not appear.</summary>
    Keep,
}
