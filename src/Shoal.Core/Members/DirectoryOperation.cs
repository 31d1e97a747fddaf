namespace Shoal.Core.Members;

/// <summary>What can be asked of a directory.</summary>
public enum DirectoryOperation
{
    /// <summary>Become a user.</summary>
    Register,

    /// <summary>Be a user no longer; takes all publications along.</summary>
    Unregister,

    /// <summary>Say that one's machine listens now.</summary>
    Connect,

    /// <summary>Offer a file.</summary>
    Publish,

    /// <summary>Offer it no longer.</summary>
    Withdraw,

    /// <summary>List who is connected.</summary>
    ListUsers,

    /// <summary>List what a user offers.</summary>
    ListContent,

    /// <summary>Say that one's machine stops listening.</summary>
    Disconnect,
}
