namespace Shoal.Core.Members;

/// <summary>What came of a request.</summary>
public enum DirectoryResult
{
    /// <summary>Done; a list follows where one was asked for.</summary>
    Done,

    /// <summary>Register: the name is in use.</summary>
    NameInUse,

    /// <summary>There is no such user: the one who asks.</summary>
    NoSuchUser,

    /// <summary>Unregister: the user is still connected.</summary>
    StillConnected,

    /// <summary>Connect: the user is connected already.</summary>
    AlreadyConnected,

    /// <summary>The user who asks is not connected.</summary>
    NotConnected,

    /// <summary>Publish: this user offers that name already.</summary>
    AlreadyPublished,

    /// <summary>Withdraw: this user does not offer that name.</summary>
    NotPublished,

    /// <summary>List content: there is no such user to list.</summary>
    NoSuchTarget,

    /// <summary>Anything else: the request was wrong, there is no room, or the store failed.</summary>
    Refused,
}
